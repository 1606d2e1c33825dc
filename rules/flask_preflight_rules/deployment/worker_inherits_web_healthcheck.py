"""A worker is checked as if it were the web server.

The image asks a port that nothing in the worker listens on: it is never healthy, Swarm kills it
again and again, and what waits for its health never starts.

Fix: `healthcheck: {disable: true}` in the worker's service, or a check of its own.

Sources: Docker, "Compose file reference: healthcheck".

```python bad app.py
from celery import Celery
from flask import Flask

app = Flask(__name__)
celery = Celery("app")
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
HEALTHCHECK CMD curl -f http://localhost:8000/healthz
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
```

```yaml bad compose.yaml {4}
services:
  web:
    build: .
  worker:
    build: .
    command: celery -A app worker
```

```python good app.py
from celery import Celery
from flask import Flask

app = Flask(__name__)
celery = Celery("app")
```

```dockerfile good Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
HEALTHCHECK CMD curl -f http://localhost:8000/healthz
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
```

```yaml good compose.yaml
services:
  web:
    build: .
  worker:
    build: .
    command: celery -A app worker
    healthcheck:
      disable: true
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.facts import Entry
from flask_preflight.rule import Level, Message, Result, Results, rule

NEVER = Message("{0} is a worker but is checked like the web server: it is never healthy")
KINDS = ("worker", "beat", "scheduler")


@rule("DEP013", "worker-inherits-web-healthcheck", "warning", "orchestration", sees="relation")
def check(entry: Entry) -> Results:
    if entry.kind not in KINDS or not isinstance(entry.part, Service) or entry.image is None:
        return
    probe = entry.image.healthcheck
    if probe is None or probe.path is None or probe.host:
        return
    if entry.part.spec.dig("healthcheck") is None:
        level: Level | None = "error" if entry.carrier == "swarm" else None
        related = (probe.location.saying("asks a web server"),)
        yield Result(entry.at(), NEVER(entry.title), related, level=level)
