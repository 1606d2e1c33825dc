"""The health check of the service is switched off, or does not exist.

A service that hangs stays in use; and what waits for `service_healthy` of a service without a check
never starts.

Fix: write a `healthcheck` that asks the service.

Sources: Docker, "Compose file reference: healthcheck".

```yaml bad compose.yaml {5,9}
services:
  web:
    image: example/web:1.0
    healthcheck:
      disable: true
  api:
    image: example/api:1.0
    healthcheck:
      test: ["NONE"]
```

```yaml bad compose.yaml {5,7}
services:
  web:
    image: example/web:1.0
    depends_on:
      api:
        condition: service_healthy
      db:
        condition: service_healthy
  api:
    build: .
  db:
    image: postgres:17-alpine
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```yaml good compose.yaml
services:
  web:
    image: example/web:1.0
    depends_on:
      api:
        condition: service_healthy
      far:
        condition: service_healthy
      db:
        condition: service_healthy
      cache:
        condition: service_started
  db:
    image: postgres:17
    healthcheck:
      test: ["CMD", "pg_isready"]
  cache:
    image: redis:8
  worker:
    build: .
    command: celery -A app worker
    healthcheck:
      disable: true
  api:
    build: .
  far:
    image: example/far:1.0
  job:
    image: example/job:1.0
    restart: "no"
    healthcheck:
      disable: true
```

```dockerfile good Dockerfile
FROM python:3.13-slim
HEALTHCHECK CMD python check.py
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.artifacts.dockerfile_base import reference
from flask_preflight.artifacts.yaml import Map
from flask_preflight.rule import Message, Result, Results, rule

OFF = Message("the health check of {0} is switched off, so it stays in use when it hangs", "off")
NEVER = Message("{0} never starts: it waits for the health of {1}, which has no check", "never")

WITHOUT = frozenset(
    "postgres mysql mariadb mongo redis valkey rabbitmq memcached nginx httpd haproxy caddy".split()
)
"""Official images without a check of their own, as of November 2026."""


@rule("CMP013", "healthcheck-disabled", "warning", "orchestration")
def check(service: Service) -> Results:
    spec = service.spec
    test = spec.dig("healthcheck", "test")
    disabled = spec.dig("healthcheck", "disable") is True
    none = test == "NONE" or isinstance(test, list) and test[:1] == ["NONE"]
    worker = service.entry is not None and service.entry.kind in ("worker", "beat", "scheduler")
    if (disabled or none) and not service.one_shot and not worker:
        key = "disable" if disabled else "test"
        yield Result(service.at("healthcheck", key), OFF(service.name))
    awaited = spec.dig("depends_on")
    for name in map(str, awaited) if isinstance(awaited, Map) else ():
        target = service.project.services.get(name)
        healthy = awaited.text(name, "condition") == "service_healthy"
        if target is not None and healthy and _has_none(target):
            where = service.at("depends_on", name)
            yield Result(where, NEVER(service.name, name), level="error")


def _has_none(service: Service) -> bool:
    image = service.linked_image
    if service.spec.dig("healthcheck") is not None:
        return False
    if image is None:
        return service.build is None and reference(service.image).official in WITHOUT
    known = image.stage.facts.root is not None
    return known and image.stage.last("HEALTHCHECK") is None
