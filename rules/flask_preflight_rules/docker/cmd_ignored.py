"""CMD is ignored, because the ENTRYPOINT is a text for a shell.

Docker hands the words of CMD to the shell, which drops them: the program starts without its
arguments.

Fix: write ENTRYPOINT as a list, `ENTRYPOINT ["gunicorn"]`.

Sources: Docker, "Dockerfile reference: Understand how CMD and ENTRYPOINT interact".

```dockerfile bad {3}
FROM python:3.13-slim
ENTRYPOINT gunicorn
CMD ["-b", "0.0.0.0:8000", "app:app"]
```

```dockerfile good
FROM python:3.13-slim AS base
CMD ["python3"]
FROM base
ENTRYPOINT exec gunicorn -b 0.0.0.0:8000 app:app
FROM python:3.13-slim
ENTRYPOINT ["gunicorn"]
CMD ["-b", "0.0.0.0:8000", "app:app"]
```
"""

from flask_preflight.artifacts.dockerfile import Stage
from flask_preflight.rule import Message, Result, Results, rule

DROPPED = Message("the shell of ENTRYPOINT drops these words")


@rule("DKR408", "cmd-ignored", "error", "container")
def check(stage: Stage) -> Results:
    entry = stage.last("ENTRYPOINT")
    # An ENTRYPOINT makes the CMD of the stages before it void.
    own = [one for one in stage.instructions if one.name == "CMD"]
    if stage.shipped and entry is not None and entry.exec is None and own and entry.value:
        yield Result(own[-1].location, DROPPED(), (entry.location.saying("a text for a shell"),))
