"""The last USER of the image is root.

Whoever finds a way to run code in the application then has root's rights over the image, over
everything that is mounted into it, and a much shorter way out of the container.

Fix: switch to an ordinary user, by its number, after the last command that needs root.

Intended: an entry point that must start as root and changes the user itself (`gosu`, `su-exec`,
`setpriv`) is recognised. Where Compose or Kubernetes set a user, this is a note.

Sources: CIS Docker Benchmark 4.1; CWE-250; Docker, "Dockerfile reference: USER".

```dockerfile bad {3}
FROM python:3.13-slim
USER app
USER root
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```dockerfile bad {3}
FROM python:3.13-slim
ARG RUN_AS=0:0
USER $RUN_AS
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```dockerfile bad {2}
FROM python:3.13-slim AS base
USER root
FROM base
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```dockerfile good
FROM python:3.13-slim AS build
USER root
FROM python:3.13-slim
USER root
RUN apt-get update && apt-get install -y libpq5
USER 10001:0
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```dockerfile good
FROM registry.example.com/base:1
ARG UID
USER ${UID:-1000}
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```dockerfile good
FROM python:3.13-slim
USER root
ENTRYPOINT ["setpriv", "--reuid=app", "--", "gunicorn"]
```

```dockerfile good
FROM python:3.13-slim AS production
USER app
FROM production AS development
USER root
```
"""

from flask_preflight.artifacts.image import Image, is_root
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.docker._runs import replaces_user

LAST = Message("the last USER of {0} is root")


@rule(
    "DKR102",
    "image-runs-as-root",
    "error",
    "security",
    "CWE-250",
    "CIS-DI-0001",
    "DL3002",
    "CKV_DOCKER_8",
    "~DS-0002",
    "semgrep:last-user-is-root",
)
def check(image: Image) -> Results:
    last = image.stage.last("USER")
    if last is None or not image.user or not is_root(image.user) or image.drops_root:
        return
    yield Result(last.at(0), LAST(image.title), level="note" if replaces_user(image) else None)
