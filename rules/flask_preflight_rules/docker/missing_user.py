"""The image runs its process as root, because nothing says who else.

Root in the container is root for everything that is mounted into it, and for the kernel as soon as
a flaw lets somebody out. The base image leaves root in place; a process that nobody gave a user to
keeps it.

Fix: create a user with a fixed number and switch to it at the end, `RUN useradd --uid 10001 app`
and `USER 10001`.

Intended: an entry point that starts as root and changes the user itself (`gosu`, `su-exec`,
`setpriv`) is recognised. Where Compose or Kubernetes set a user, this is a note.

Sources: CIS Docker Benchmark 4.1; CWE-250; Docker, "Building best practices: USER".

```dockerfile bad {1}
FROM python:3.13-slim
COPY . .
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```dockerfile bad {2}
FROM python:3.13 AS build
FROM python:3.13-slim
COPY --from=build /usr/local /usr/local
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```dockerfile bad {1}
FROM registry.example.com/team/python:4.2
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```dockerfile bad {1}
FROM python:3.13-slim
CMD ["gunicorn", "-u", "www-data", "-b", "0.0.0.0:8000", "app:app"]
```

```dockerfile good
FROM node:22 AS assets
USER app
FROM python:3.13-slim AS base
USER app
FROM base
COPY --from=assets /x /x
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```dockerfile good
FROM python:3.13-slim
ENTRYPOINT ["gosu", "app"]
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```dockerfile good
FROM python:3.13-slim
COPY entrypoint.sh /
ENTRYPOINT ["/entrypoint.sh"]
```

```sh good entrypoint.sh
#!/bin/sh
chown -R app /data
exec su-exec app "$@"
```

```dockerfile good
FROM postgres:17
COPY init.sql /docker-entrypoint-initdb.d/
```

```dockerfile good
FROM gcr.io/distroless/python3-debian12:nonroot
CMD ["app.py"]
```

```dockerfile good Dockerfile.dev
FROM python:3.13-slim
CMD ["flask", "run"]
```

```dockerfile good tests/Dockerfile
FROM python:3.13-slim
CMD ["pytest"]
```
"""

from flask_preflight.artifacts.image import Image, is_root
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.docker._runs import replaces_user

ROOT = Message("no USER: {0} runs as root, the user of its base image")
MAYBE = Message("no USER: {0} runs as whatever user {1} has", "unknown-base")
WORKERS = Message("no USER: {0} starts as root, only its workers change the user", "workers")


@rule(
    "DKR101",
    "missing-user",
    "warning",
    "security",
    "CWE-250",
    "CIS-DI-0001",
    "CKV_DOCKER_3",
    "~DS-0002",
    "semgrep:missing-user",
    "semgrep:missing-user-entrypoint",
    sees="absent",
)
def check(image: Image) -> Results:
    if image.user != "" or image.drops_root:
        return
    external = image.stage.external
    root = image.stage.facts.root
    if root is False or external is None:
        return
    if root is None:
        yield Result(image.at(), MAYBE(image.title, external), level="note")
    elif _changes_workers(image):
        yield Result(image.at(), WORKERS(image.title), level="note")
    else:
        mild = external == "scratch" or replaces_user(image)
        yield Result(image.at(), ROOT(image.title), level="note" if mild else None)


def _changes_workers(image: Image) -> bool:
    options = {"gunicorn": ("-u", "--user"), "uwsgi": ("--uid",)}
    for command in image.start_commands:
        user = command.value(*options.get(command.program, ()))
        if user is not None and "$" not in user and not is_root(user):
            return True
    return False
