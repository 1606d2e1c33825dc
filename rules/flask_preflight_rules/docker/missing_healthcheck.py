"""Nothing asks the image's server whether it still answers.

Docker, Compose and Swarm take a container for healthy as long as its process exists. A server that
hangs, waits for a lost database connection or has no free worker stays in service, and nothing that
starts after it can wait for it.

Fix: add a check that needs no more than Python, `HEALTHCHECK CMD python -c "import urllib.request
as r; r.urlopen('http://localhost:8000/health')"`.

Intended: Kubernetes and most platforms have probes of their own and ignore it; where they or a
Compose service run the image, their own rules speak. `HEALTHCHECK NONE` says that it is left out on
purpose.

Sources: CIS Docker Benchmark 4.6; Docker, "Dockerfile reference: HEALTHCHECK".

```dockerfile bad {1}
FROM python:3.13-slim
EXPOSE 8000
CMD ["./run"]
```

```dockerfile bad {2}
FROM python:3.13-slim AS base
FROM base
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```dockerfile good
FROM python:3.13-slim AS base
HEALTHCHECK CMD curl -f http://localhost:8000/ || exit 1
FROM base
EXPOSE 8000
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```dockerfile good
FROM python:3.13-slim
HEALTHCHECK NONE
EXPOSE 8000
```

```dockerfile good
FROM python:3.13-slim
CMD ["celery", "-A", "shop", "worker"]
```

```dockerfile good
FROM registry.example.com/team/base:3
EXPOSE 8000
```

```dockerfile good Dockerfile
FROM python:3.13-slim
EXPOSE 8000
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```yaml good compose.yaml
services:
  web:
    build: .
    ports: ["8000:8000"]
    healthcheck: {test: curl -f http://localhost:8000/health}
```

```dockerfile good Dockerfile
FROM python:3.13-slim
EXPOSE 8080
```

```toml good fly.toml
[build]
dockerfile = "Dockerfile"
```

```dockerfile good Dockerfile.dev
FROM python:3.13-slim
EXPOSE 8000
```
"""

from flask_preflight.artifacts.entrypoint import serves
from flask_preflight.artifacts.image import Image
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.docker._runs import production_runs

UNWATCHED = Message("{0} has no HEALTHCHECK, so a server that hangs stays in service")


@rule(
    "DKR412",
    "missing-healthcheck",
    "note",
    "observability",
    "CIS-DI-0006",
    "DL3057",
    "CKV_DOCKER_2",
    "DS-0026",
    sees="absent",
)
def check(image: Image) -> Results:
    if image.stage.last("HEALTHCHECK") is not None or image.stage.facts.root is None:
        return
    served = any(serves(command.words) for command in image.start_commands)
    if not (image.ports or served) or image.cluster or production_runs(image):
        return
    if not any(build.carrier == "platform" for build in image.builds):
        yield Result(image.at(), UNWATCHED(image.title))
