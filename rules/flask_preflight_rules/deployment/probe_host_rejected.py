"""The application refuses the probe, because it does not know its host.

The kubelet asks the pod by its address; `TRUSTED_HOSTS` does not hold it, so Flask answers 400 and
the pod never becomes ready.

Fix: give the probe a header, `httpHeaders: [{name: Host, value: shop.example}]`.

Sources: Flask, "Configuration Handling: TRUSTED_HOSTS"; Kubernetes, "HTTP probes".

```python bad app.py
from flask import Flask

app = Flask(__name__)
app.config["TRUSTED_HOSTS"] = ["shop.example", ".shop.example"]


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

```text bad requirements.txt
flask==3.1.3
gunicorn==23.0.0
```

```python good app.py
from flask import Flask

app = Flask(__name__)
app.config["TRUSTED_HOSTS"] = ["shop.example"]
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
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: example/web:1.0
          readinessProbe:
            httpGet:
              path: /healthz
              port: 8000
              httpHeaders:
                - {name: Host, value: shop.example}
```

```yaml good compose.yaml
services:
  web:
    build: .
    image: example/web:1.0
```

```text good requirements.txt
flask==3.1.3
gunicorn==23.0.0
```
"""

from flask_preflight.facts import Entry
from flask_preflight.rule import Message, Result, Results, rule

REFUSED = Message("TRUSTED_HOSTS does not know the address that the {0} of {1} asks: it gets 400")


@rule("DEP005", "probe-host-rejected", "error", "orchestration", sees="relation")
def check(entry: Entry) -> Results:
    application = entry.application
    if application is None or not application.may_reach("flask", "3.1"):
        return
    values = application.production("TRUSTED_HOSTS")
    known = [one for one in values if isinstance(one.value.literal, tuple) and one.value.literal]
    if len(known) != 1 or len(values) != 1 or "*" in known[0].value.literal:
        return
    for probe, _ in entry.requests:
        own = any(name.lower() == "host" for name in probe.headers)
        if probe.kind in ("startup", "readiness", "liveness") and not own:
            related = (known[0].location.saying("the hosts it knows"),)
            yield Result(probe.at("path"), REFUSED(probe.title, entry.title), related)
