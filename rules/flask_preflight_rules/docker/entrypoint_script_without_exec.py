"""The script that starts the container keeps the server below itself.

The signal to stop goes to the script, which does not pass it on: the server is killed when the time
is over, in the midst of requests.

Fix: `exec gunicorn …`, or `exec "$@"`, as the last command.

Sources: Docker, "Building best practices: ENTRYPOINT".

```dockerfile bad
FROM python:3.13-slim
COPY start.sh /start.sh
CMD ["/start.sh"]
```

```sh bad start.sh {3}
#!/bin/sh
flask db upgrade
gunicorn -b 0.0.0.0:8000 app:app
```

```sh fixed start.sh
#!/bin/sh
flask db upgrade
exec gunicorn -b 0.0.0.0:8000 app:app
```

```dockerfile good
FROM python:3.13-slim
COPY start.sh /start.sh
CMD ["/start.sh"]
```

```sh good start.sh
#!/bin/sh
celery -A app worker &
exec gunicorn -b 0.0.0.0:8000 app:app
```

```dockerfile good
FROM python:3.13-slim
COPY start.sh /start.sh
ENTRYPOINT ["tini", "-g", "--", "/start.sh"]
```

```sh good start.sh
#!/bin/sh
gunicorn -b 0.0.0.0:8000 app:app
```
"""

from flask_preflight.artifacts.entrypoint import serves
from flask_preflight.artifacts.image import Image
from flask_preflight.artifacts.shell import Command
from flask_preflight.rule import Fix, Message, Replacement, Result, Results, rule

KEEPS = Message("the script keeps the signal to stop, so {0} is killed in the midst of requests")
WORKERS = frozenset("celery rq rqworker supervisord huey dramatiq".split())


@rule("DKR409", "entrypoint-script-without-exec", "warning", "wsgi")
def check(image: Image) -> Results:
    words = image.argv or ()
    if "-g" in words and any("tini" in word or "dumb-init" in word for word in words):
        return
    commands = list(image.scripts())
    if any(command.program == "trap" for command in commands):
        return
    # Functions and branches hide which of several is the last.
    starting = [one for one in commands if not one.nested and _starts(one)]
    if not starting or any("exec" in one.wrappers for one in commands):
        return
    last = starting[-1]
    if not last.background and last.operator != "|" and not last.piped_into:
        yield Result(last.location, KEEPS(last.program or "it"), fix=_fix(last))


def _starts(command: Command) -> bool:
    words = command.words
    python = command.program.startswith("python") and any(w.endswith(".py") for w in words[1:2])
    return serves(words) or command.program in WORKERS or python or words == ("$@",)


def _fix(command: Command) -> Fix | None:
    if command.wrappers or command.assignments:
        return None
    region = command.location.region
    start = region._replace(end_line=region.start_line, end_column=region.start_column)
    edit = Replacement(command.location.path, start, "exec ")
    return Fix("begin the command with exec", (edit,), safe=True)
