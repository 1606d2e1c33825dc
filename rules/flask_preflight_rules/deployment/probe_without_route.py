"""A probe asks for a path that the application does not serve.

Flask answers 404. A readiness probe then never succeeds, so the rollout does not finish; a liveness
probe restarts a healthy application for ever; a balancer takes it out of service.

Fix: point the probe at a route that exists, or add the route.

Sources: Kubernetes, "Configure Liveness, Readiness and Startup Probes"; Werkzeug, "URL Routing".

```python bad app.py
from flask import Flask

app = Flask(__name__)


@app.route("/health")
def health():
    return "ok"
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
HEALTHCHECK CMD curl -f http://localhost:8000/healthz || exit 1
```

```yaml bad compose.yaml {7}
services:
  web:
    build: .
    ports: ["8000:8000"]
    restart: always
    healthcheck:
      test: ["CMD", "curl", "-f", "http://localhost:8000/status"]
```

```python good app.py
from flask import Blueprint, Flask

app = Flask(__name__)
api = Blueprint("api", __name__)


@api.get("/<part>/health/")
def health(part):
    return "ok"


app.register_blueprint(api, url_prefix="/api")
```

```dockerfile good Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
```

```yaml good compose.yaml
services:
  web:
    build: .
    healthcheck:
      test: curl -f http://localhost:8000/api/db/health/?full=1 || exit 1
  without_slash:
    build: .
    healthcheck:
      test: curl -f http://localhost:8000/api/db/health || exit 1
  elsewhere:
    build: .
    healthcheck:
      test: curl -f http://localhost:9090/healthz || curl -f http://$OTHER/healthz
  unset:
    build: .
    healthcheck:
      test: curl -f http://localhost:8000/$CHECK
```

```python good factory.py
from importlib import import_module

from flask import Flask

app = Flask(__name__)
for plugin in open("plugins.txt"):
    import_module(f"plugins.{plugin}").register(app)
```

```dockerfile good Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "factory:app"]
HEALTHCHECK CMD curl -f http://localhost:8000/healthz || exit 1
```
"""

from flask_preflight.facts import Entry
from flask_preflight.rule import Level, Message, Result, Results, rule

NOBODY = Message("no route answers the {0} of {1}, {2}: {3}")
LATER = {
    "startup": "it is restarted for ever",
    "liveness": "it is restarted for ever",
    "readiness": "it never becomes ready",
    "healthcheck": "it is never healthy",
    "balancer": "it is taken out of service",
    "platform": "the release fails",
    "verify": "the check after deployment fails",
}
MILDER: dict[str, Level] = {"balancer": "warning", "verify": "warning"}


@rule("DEP001", "probe-without-route", "error", "orchestration", "~FLK603", sees="relation")
def check(entry: Entry) -> Results:
    application = entry.application
    if application is None or not application.knows_all_routes:
        return
    for probe, path in entry.requests:
        if application.answers(path, probe.method) == "no":
            said = NOBODY(probe.title, entry.title, path, LATER[probe.kind])
            nearest = application.nearest(path, 3)
            routes = tuple(route.location.saying(f"serves {route.path}") for route in nearest)
            related = (*routes, *entry.evidence[: 5 - len(routes)])
            where = probe.at("path")
            yield Result(where, said, related, level=MILDER.get(probe.kind))
