"""A plain build ships the image for development.

`docker build .` takes the last stage: here that is the one with debuggers, reloaders and packages
for tests, and nothing names another target.

Fix: move the stage for production to the end, or name it, `docker build --target production`.

Sources: Docker, "Multi-stage builds: Stop at a specific build stage".

```dockerfile bad Dockerfile {4}
FROM python:3.13-slim AS production
COPY . .
CMD ["gunicorn", "app:app"]
FROM production AS development
CMD ["flask", "run", "--debug"]
```

```dockerfile good Dockerfile
FROM python:3.13-slim AS base
FROM base AS development
CMD ["flask", "run", "--debug"]
FROM base AS production
CMD ["gunicorn", "app:app"]
```

```dockerfile good docker/Dockerfile
FROM python:3.13-slim AS production
CMD ["gunicorn", "app:app"]
FROM production AS development
CMD ["flask", "run", "--debug"]
```

```yaml good compose.yaml
services:
  web:
    build: {context: ., dockerfile: docker/Dockerfile, target: production}
```
"""

from flask_preflight.artifacts.dockerfile import Dockerfile
from flask_preflight.facts import Build, Deployment
from flask_preflight.rule import Message, Result, Results, rule

SHIPPED = Message("a build that names no target ships {0}")


@rule("DKR005", "last-stage-is-development", "warning", "ci-cd", enabled=False, sees="relation")
def check(deployment: Deployment) -> Results:
    aimed = {one.dockerfile for one in deployment[Build] if one.target != ""}
    for dockerfile in deployment[Dockerfile]:
        last = dockerfile.stages[-1] if dockerfile.stages else None
        shipped = dockerfile.effective
        if last is None or shipped is last or dockerfile.role != "production":
            continue
        if dockerfile.path not in aimed:
            yield Result(last.start.location, SHIPPED(last.title))
