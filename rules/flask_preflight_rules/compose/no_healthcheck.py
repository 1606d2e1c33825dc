"""Nobody notices when the service hangs.

Its process runs, so Docker takes it for well: the proxy goes on sending requests, and others that
wait for it start too early.

Fix: give it a `healthcheck` that asks a route of its own, or write one in the Dockerfile.

Sources: Docker, "Compose file reference: healthcheck".

```yaml bad compose.yaml {2,5}
services:
  web:
    build: .
    ports: ["80:8000"]
  inner:
    build: .
    command: gunicorn -b 0.0.0.0:8001 inner:app
  own:
    build: .
    ports: ["8080:8000"]
    healthcheck:
      test: curl -f http://localhost:8000/healthz
  worker:
    build: .
    command: celery -A app worker
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

```yaml good compose.yaml
services:
  web:
    build: .
    ports: ["80:8000"]
  migrate:
    build: .
    command: flask db upgrade
    restart: "no"
  mail:
    image: example/mailer:1.0
    ports: ["2525:25"]
```

```dockerfile good Dockerfile
FROM registry.example.org/base/flask:3
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```yaml good compose.dev.yaml
services:
  web:
    build: .
    ports: ["80:8000"]
```

```dockerfile good Dockerfile
FROM python:3.13-slim
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.compose._services import is_application

SERVERS = ("gunicorn", "uwsgi", "waitress", "other-server")
HANGS = Message("nobody notices when {0} hangs: it has no health check")


@rule("CMP011", "no-healthcheck", "warning", "orchestration", "CIS-DI-0006", sees="absent")
def check(service: Service) -> Results:
    if service.spec.dig("healthcheck") is not None or service.one_shot:
        return
    image, entry = service.linked_image, service.entry
    # Nobody knows what an image of somebody else's brings along.
    if image is None or image.stage.last("HEALTHCHECK") or image.stage.facts.root is None:
        return
    server = entry.server if entry is not None else None
    serves = server is not None and server.kind in SERVERS
    if is_application(service) and (serves or service.ports or service.expose):
        yield Result(service.at(), HANGS(service.name))
