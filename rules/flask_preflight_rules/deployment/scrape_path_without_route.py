"""Prometheus is sent to a path that no route of the application answers.

Every scrape gets 404: there are no numbers, and no alert that needs them can fire.

Fix: `prometheus-flask-exporter`, a route with `generate_latest()`, or the path that there is.

Sources: Prometheus, "kubernetes_sd_config"; prometheus-flask-exporter, "README".

```python bad app.py
from flask import Flask

app = Flask(__name__)


@app.get("/stats")
def stats():
    return ""
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
```

```yaml bad k8s/web.yaml {11}
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      labels: {app: web}
      annotations:
        prometheus.io/scrape: "true"
        prometheus.io/path: /metrics
        prometheus.io/port: "8000"
    spec:
      containers: [{name: web, image: acme/shop}]
```

```yaml bad skaffold.yaml
apiVersion: skaffold/v4beta11
kind: Config
build:
  artifacts: [{image: acme/shop}]
manifests: {rawYaml: [k8s/web.yaml]}
```

```python good app.py
from flask import Flask

app = Flask(__name__)


@app.get("/metrics")
def metrics():
    return ""
```

```dockerfile good Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
```

```yaml good k8s/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      labels: {app: web}
      annotations:
        prometheus.io/scrape: "true"
        prometheus.io/path: /metrics
        prometheus.io/port: "8000"
    spec:
      containers: [{name: web, image: acme/shop}]
```

```yaml good skaffold.yaml
apiVersion: skaffold/v4beta11
kind: Config
build:
  artifacts: [{image: acme/shop}]
manifests: {rawYaml: [k8s/web.yaml]}
```
"""

from flask_preflight.artifacts.kubernetes import Container
from flask_preflight.facts import Entry
from flask_preflight.rule import Message, Result, Results, rule

MISSING = Message("Prometheus asks {0} for {1}, and no route answers it")
EXPORTERS = (
    "prometheus-flask-exporter",
    "prometheus-client",
    "flask-prometheus-metrics",
    "starlette-exporter",
    "opentelemetry-exporter-prometheus",
    "rts-prometheus-flask-exporter",
)
SCRAPE, PATH, PORT = (f"prometheus.io/{word}" for word in ("scrape", "path", "port"))


@rule("DEP128", "scrape-path-without-route", "error", "observability", "~K8S161", sees="relation")
def check(entry: Entry) -> Results:
    application, part = entry.application, entry.part
    if application is None or not isinstance(part, Container):
        return
    annotations = part.workload.template.map("metadata", "annotations")
    port = annotations.text(PORT)
    if annotations.text(SCRAPE) != "true" or not port.isdigit() or not entry.serves(int(port[:5])):
        return
    path = annotations.text(PATH) or "/metrics"
    if not application.knows_all_routes or application.requires(*EXPORTERS):
        return
    if application.answers(path) == "no":
        where = annotations.value_at(PATH if PATH in annotations else SCRAPE)
        related = tuple(route.location for route in application.nearest(path, 2))
        yield Result(where, MISSING(entry.title, path), related)
