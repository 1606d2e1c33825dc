"""A list in brackets is not valid JSON, so a shell reads it as it stands.

The shell looks for a program called `[`, or `[gunicorn`, and the container ends at once.

Fix: double quotes, commas between the words, none at the end: `CMD ["gunicorn", "app:app"]`.

Sources: Docker, "Dockerfile reference: Shell and exec form".

```dockerfile bad {2}
FROM python:3.13-slim
CMD ['gunicorn', '-b', '0.0.0.0:8000', 'app:app']
```

```dockerfile bad {2,3}
FROM python:3.13-slim
ENTRYPOINT ["/entry.sh",]
CMD ["gunicorn" "app:app"]
```

```dockerfile good
FROM python:3.13-slim
RUN [ -f /etc/passwd ] && echo yes
RUN ["python", "-V"]
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```
"""

from flask_preflight.artifacts.dockerfile import Instruction
from flask_preflight.lazy import expression
from flask_preflight.rule import Message, Result, Results, rule

SHELL = Message("this is no JSON list: a shell reads it as it stands, and {0} fails")
NAMES = ("CMD", "ENTRYPOINT", "SHELL", "HEALTHCHECK", "RUN")
LIST = expression(r"\[\s*[\"'\u2018-\u201d][^\n]*\]\s*\Z")


@rule("DKR406", "malformed-exec-form", "error", "container", development=True)
def check(instruction: Instruction) -> Results:
    joined = any(sign in instruction.value for sign in ("&&", "||", ";"))
    if instruction.name not in NAMES or instruction.exec is not None or joined:
        return
    if LIST.match(instruction.value):
        what = "the build" if instruction.name == "RUN" else "the container"
        yield Result(instruction.location, SHELL(what))
