"""Nobody notices when the service hangs.

Its process runs, so Docker takes it for well: the proxy goes on sending requests, and others that
wait for it start too early.

Fix: give it a `healthcheck` that asks a route of its own, or write one in the Dockerfile.

Sources: Docker, "Compose file reference: healthcheck".

```yaml bad compose.yaml {2}
services:
  web:
    build: .
    ports: ["80:8000"]
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```yaml good compose.yaml
services:
  web:
    build: .
    ports: ["80:8000"]
  worker:
    build: .
    command: celery -A app worker
  db:
    image: postgres:17
```

```dockerfile good Dockerfile
FROM python:3.13-slim
HEALTHCHECK CMD python -c "import urllib.request as r; r.urlopen('http://localhost:8000/')"
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.compose._services import is_application

HANGS = Message("nobody notices when {0} hangs: it has no health check")


@rule("CMP011", "no-healthcheck", "warning", "orchestration", "CIS-DI-0006", sees="absent")
def check(service: Service) -> Results:
    if service.spec.dig("healthcheck") is not None or service.one_shot:
        return
    image = service.linked_image
    if image is not None and image.stage.last("HEALTHCHECK") is not None:
        return
    if is_application(service) and image is not None and service.ports:
        yield Result(service.at(), HANGS(service.name))
