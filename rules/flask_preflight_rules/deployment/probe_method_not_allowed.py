"""The probe asks in a way that the route does not allow.

Flask answers 405, so the check fails although the application is well.

Fix: allow GET on the route, or let the probe ask as the route expects.

Sources: Flask, "Quickstart: HTTP Methods"; Kubernetes, "Configure Liveness, Readiness and Startup
Probes".

```python bad app.py
from flask import Flask

app = Flask(__name__)


@app.post("/healthz")
def healthz():
    return "ok"
```

```dockerfile bad Dockerfile {5}
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
HEALTHCHECK CMD curl -f http://localhost:8000/healthz || exit 1
```

```python good app.py
from flask import Flask

app = Flask(__name__)


@app.get("/healthz")
def healthz():
    return "ok"
```

```dockerfile good Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
HEALTHCHECK CMD curl -fI http://localhost:8000/healthz || exit 1
```
"""

from flask_preflight.facts import Entry
from flask_preflight.rule import Message, Result, Results, rule

REFUSED = Message("{0} answers the {1} of {2} with 405: it does not allow {3}")


@rule("DEP002", "probe-method-not-allowed", "error", "orchestration", sees="relation")
def check(entry: Entry) -> Results:
    application = entry.application
    for probe, path in entry.requests:
        if application is not None and application.answers(path, probe.method) == "method":
            said = REFUSED(path, probe.title, entry.title, probe.method)
            routes = [one for one in application.routes if one.path.startswith(path)]
            related = tuple(one.location.saying(f"serves {one.path}") for one in routes[:1])
            yield Result(probe.at("path"), said, related)
