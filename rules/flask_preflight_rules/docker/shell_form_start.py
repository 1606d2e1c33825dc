"""A shell stands between the container and its server and keeps the signal to stop.

Docker and Kubernetes tell process 1 to stop. That is `/bin/sh`, which neither passes SIGTERM on nor
ends; the server never hears of it, goes on until the time is up, and is killed in the middle of its
requests. Every deployment takes ten or thirty seconds longer and drops what was in progress.

Fix: write the command as a JSON array, or begin it with `exec` where variables must be replaced,
`CMD exec gunicorn -b :$PORT app:app`.

Sources: Docker, "Dockerfile reference: shell and exec form"; Docker, "docker stop".

```dockerfile bad {2}
FROM python:3.13-slim
CMD gunicorn -b :$PORT app:app
```

```dockerfile fixed
FROM python:3.13-slim
CMD exec gunicorn -b :$PORT app:app
```

```dockerfile bad {2}
FROM python:3.13-slim
ENTRYPOINT ./run.sh
CMD ["web"]
```

```dockerfile bad {2}
FROM python:3.13-slim
CMD ["sh", "-c", "flask db upgrade && gunicorn -b :8000 app:app"]
```

```dockerfile bad {3}
FROM python:3.13-slim
ENTRYPOINT ["/bin/sh", "-c"]
CMD ["gunicorn -b :8000 app:app"]
```

```dockerfile bad {3}
FROM python:3.13-slim
ENTRYPOINT ["/entrypoint.sh"]
CMD gunicorn -b :$PORT app:app
```

```dockerfile bad {2}
FROM python:3.13-slim
CMD gunicorn -b :8000 app:app & nginx -g 'daemon off;'
```

```dockerfile bad {3}
FROM python:3.13-slim
SHELL ["/bin/bash", "-c"]
CMD gunicorn app:app | tee /var/log/app.log
```

```dockerfile good
FROM python:3.13-slim
HEALTHCHECK CMD curl -f http://localhost:8000/ || exit 1
CMD exec gunicorn -b :$PORT app:app
```

```dockerfile good
FROM python:3.13-slim
CMD ["sh", "-c", "flask db upgrade && exec gunicorn -b :$PORT app:app"]
```

```dockerfile good
FROM python:3.13-slim
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
CMD gunicorn -b :8000 app:app
```

```dockerfile good
FROM fedora:42
CMD gunicorn -b :8000 app:app
```

```dockerfile good
FROM python:3.13-slim
CMD tini -- gunicorn -b :8000 app:app
```

```dockerfile good
FROM python:3.13-slim
ENTRYPOINT ["tini", "-g", "--"]
CMD gunicorn -b :8000 app:app
```

```dockerfile good
FROM python:3.13-slim
ENTRYPOINT ["/entrypoint.sh"]
CMD ["gunicorn", "-b", ":8000", "app:app"]
```

```dockerfile good
FROM python:3.13-slim
CMD ["bash", "-c", "gunicorn -b :$PORT app:app"]
```

```dockerfile good
FROM python:3.13-slim AS base
CMD gunicorn app:app
FROM base
CMD ["gunicorn", "app:app"]
```

```dockerfile good Dockerfile.dev
FROM python:3.13-slim
CMD flask run
```
"""

from flask_preflight.artifacts import shell
from flask_preflight.artifacts.dockerfile import Instruction
from flask_preflight.artifacts.dockerfile_base import reference
from flask_preflight.artifacts.image import Image
from flask_preflight.rule import Fix, Level, Message, Replacement, Result, Results, rule
from flask_preflight_rules.docker._runs import replaces_command

KEEPS = Message("a shell starts {0} and keeps the signal to stop, so it is killed")
BASH = frozenset(("bash", "zsh"))
INITS = frozenset("tini tini-static dumb-init catatonit docker-init s6-svscan supervisord".split())
_BASH_IS_SH = frozenset("fedora centos rockylinux almalinux amazonlinux oraclelinux".split())


@rule(
    "DKR405",
    "shell-form-start",
    "warning",
    "wsgi",
    "DL3025",
    "buildkit:JSONArgsRecommended",
    "semgrep:prefer-json-notation",
)
def check(image: Image) -> Results:
    argv = image.argv or ()
    start = _shell_index(image, argv)
    index = _text_index(argv, start)
    if index is None:
        return
    commands = shell.commands(argv[index], lambda start, end: image.argv_at(index))
    if not commands or _passes(image, argv[start], commands):
        return
    last = [one for one in commands if not one.nested][-1]
    said = KEEPS(last.program or "the server")
    level: Level | None = "note" if replaces_command(image) else None
    yield Result(image.argv_at(index), said, fix=_fix(image, commands), level=level)


def _shell_index(image: Image, argv: tuple[str, ...]) -> int:
    """Where the shell stands: first, or behind a script that makes way for its arguments."""
    head = image.entrypoint or ()
    program = argv[0].rpartition("/")[2] if argv else ""
    return 0 if not head or program in shell.SHELLS or program in INITS else len(head)


def _text_index(argv: tuple[str, ...], start: int) -> int | None:
    """Which word the shell reads, if there is one."""
    if start >= len(argv) or argv[start].rpartition("/")[2] not in shell.SHELLS:
        return None
    for index in range(start + 1, len(argv) - 1):
        word = argv[index]
        if word.startswith("-") and word[-1:] == "c" and not word.startswith("--"):
            return index + 1
    return None


def _passes(image: Image, program: str, commands: list[shell.Command]) -> bool:
    """Whether the server becomes process 1, or something in front of it passes signals on."""
    outer = [command for command in commands if not command.nested]
    last = outer[-1]
    if "exec" in last.wrappers or any(command.program in INITS for command in outer):
        return True
    name = program.rpartition("/")[2]
    external = reference(image.stage.external or "").repository
    if name not in BASH and not (name == "sh" and external.rpartition("/")[2] in _BASH_IS_SH):
        return False
    # Bash lets the last command take its place, but not the last of a pipeline.
    return last.operator != "|" and not last.background


def _fix(image: Image, commands: list[shell.Command]) -> Fix | None:
    shell_form = [one for one in image.start if one.exec is None]
    if len(commands) != 1 or len(shell_form) != 1 or commands[0].assignments:
        return None
    if commands[0].background or commands[0].wrappers or not commands[0].words:
        return None
    return _prefix(shell_form[0])


def _prefix(instruction: Instruction) -> Fix:
    start = instruction.place(0, 0)
    edit = Replacement(start.path, start.region, "exec ")
    return Fix("begin the command with exec", (edit,), safe=True)
