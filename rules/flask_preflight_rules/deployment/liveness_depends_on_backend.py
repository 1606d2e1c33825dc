"""A liveness probe asks a view that waits for a database, a cache or another service.

While that does not answer, every replica fails its probe at once and is restarted, again and again:
an outage of the backend becomes one of the application, and restarting mends nothing.

Fix: let the liveness probe ask a view that only answers, and the readiness probe ask this one.

Intended: rarely; where only a restart brings the connections back, say so where you ignore it.

Sources: Kubernetes, "Liveness, Readiness, and Startup Probes"; Amazon, "Implementing health
checks".

```python bad app.py
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
db = SQLAlchemy(app)


@app.get("/healthz")
def healthz():
    db.session.execute(db.text("SELECT 1"))
    return "ok"
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
```

```yaml bad stack.yaml {6}
services:
  web:
    build: .
    deploy: {replicas: 2}
    healthcheck:
      test: curl -f http://localhost:8000/healthz || exit 1
```

```python good app.py
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
db = SQLAlchemy(app)


@app.get("/healthz")
def healthz():
    return "ok"  # and no db.session.execute()


@app.get("/ready")
def ready():
    try:
        db.session.execute(db.text("SELECT 1"))
    except Exception:
        return "degraded"
    return "ok"


@app.get("/users")
def users():
    return str(db.session.execute(db.text("SELECT 1")))
```

```dockerfile good Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
```

```yaml good stack.yaml
services:
  web:
    build: .
    deploy: {replicas: 2}
    healthcheck:
      test: curl -f http://localhost:8000/healthz && curl -f http://localhost:8000/ready || exit 1
```
"""

from flask_preflight.facts import Entry, Probe
from flask_preflight.rule import Message, Result, Results, rule

WAITS = Message("{0} waits for the {1}: an outage there restarts every replica of {2}")
NAMES = {"service": "other service"}


@rule("DEP008", "liveness-depends-on-backend", "warning", "orchestration", sees="relation")
def check(entry: Entry) -> Results:
    application = entry.application
    for probe, path in entry.requests if application is not None else ():
        view = application.view_of(path, probe.method) if application else None
        if view and view.function and view.function.touches and _kills(entry, probe):
            touches = view.function.touches
            said = WAITS(path, NAMES.get(touches, touches), entry.title)
            yield Result(probe.at("path"), said, (view.location.saying(f"serves {view.path}"),))


def _kills(entry: Entry, probe: Probe) -> bool:
    """Whether a container whose probe fails is ended; Compose only marks it."""
    return probe.kind == "liveness" or probe.kind == "healthcheck" and entry.carrier == "swarm"
