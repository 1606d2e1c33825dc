"""The probe is sent on to HTTPS, which the container does not speak.

Talisman answers plain HTTP with a redirect; the kubelet follows it to the same port, the handshake
fails, and the pod is never ready or restarted for ever.

Fix: send the header in the probe (`httpHeaders: X-Forwarded-Proto: https`), or exempt the view with
`@talisman(force_https=False)`.

Sources: Flask-Talisman, "Options: force_https"; Kubernetes, "HTTP probes".

```python bad app.py
from flask import Flask
from flask_talisman import Talisman

app = Flask(__name__)
Talisman(app)


@app.get("/healthz")
def healthz():
    return "ok"
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
```

```yaml bad k8s/web.yaml {14}
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: example/web:1.0
          readinessProbe:
            httpGet:
              path: /healthz
              port: 8000
```

```yaml bad compose.yaml
services:
  web:
    build: .
    image: example/web:1.0
```

```python good app.py
from flask import Flask
from flask_talisman import Talisman

app = Flask(__name__)
talisman = Talisman(app, force_https=False)
```

```dockerfile good Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
HEALTHCHECK CMD curl -f http://localhost:8000/healthz || exit 1
```
"""

from flask_preflight.facts import Entry
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.deployment._https import forces

SENT_ON = Message("Talisman sends the {0} of {1} on to HTTPS, which the container does not speak")
KUBELET = ("startup", "readiness", "liveness")


@rule("DEP004", "probe-redirected-to-https", "error", "orchestration", sees="relation")
def check(entry: Entry) -> Results:
    forced = forces(entry.application) if entry.application is not None else None
    if forced is None:
        return
    for probe, _ in entry.requests:
        told = any(name.lower() == "x-forwarded-proto" for name in probe.headers)
        if probe.kind in KUBELET and probe.scheme.lower() == "http" and not told:
            related = (forced.saying("forces HTTPS"),)
            yield Result(probe.at("path"), SENT_ON(probe.title, entry.title), related)
