"""Flask-SocketIO runs in several replicas, and nothing keeps a client at one of them.

A session of long polling consists of many requests, which only the replica knows that opened it.
The others answer 400, "Invalid session", so most clients never connect.

Fix: `nginx.ingress.kubernetes.io/affinity: cookie` at the Ingress, or `sessionAffinity: ClientIP`
at the Service.

Intended: server and clients that use no transport but WebSocket.

Sources: Flask-SocketIO, "Deployment: Using Multiple Workers".

```python bad app.py
from flask import Flask
from flask_socketio import SocketIO

app = Flask(__name__)
socketio = SocketIO(app, message_queue="redis://cache")
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
```

```yaml bad k8s/web.yaml {5}
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: acme/shop}]
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: 8000}]
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
from flask_socketio import SocketIO

app = Flask(__name__)
socketio = SocketIO(app, message_queue="redis://cache")
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
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: acme/shop}]
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  sessionAffinity: ClientIP
  ports: [{port: 80, targetPort: 8000}]
```

```yaml good skaffold.yaml
apiVersion: skaffold/v4beta11
kind: Config
build:
  artifacts: [{image: acme/shop}]
manifests: {rawYaml: [k8s/web.yaml]}
```
"""

from flask_preflight.artifacts.kubernetes import Manifest, ManifestSet
from flask_preflight.facts import Entry
from flask_preflight.lazy import expression
from flask_preflight.rule import Message, Result, Results, rule

TORN = Message("clients get 400, Invalid session: their requests move between the replicas of {0}")
_STICKY = expression(r"(?i)affinity|sticky|stickiness")


@rule("DEP083", "sticky-sessions-missing", "error", "scaling", "~NGX503", sees="relation")
def check(entry: Entry) -> Results:
    application, manifests = entry.application, entry.world.part
    if application is None or not isinstance(manifests, ManifestSet):
        return
    if entry.replicas.multi is not True or not entry.fronts or not entry.world.closed:
        return
    calls = [one for one in application.extensions("SocketIO") if one.argument("message_queue")]
    if not calls or any(call.argument("transports") for call in calls):
        return
    names = {hop.name for hop in entry.fronts}
    hops = [one for one in manifests.manifests if one.name in names]
    if not any(map(_is_sticky, hops)):
        where = entry.replicas.location or entry.location
        yield Result(where, TORN(entry.title), (calls[0].location.saying("Flask-SocketIO"),))


def _is_sticky(hop: Manifest) -> bool:
    """Whether a Service, an Ingress or a route keeps clients at one pod."""
    if hop.spec.text("spec", "sessionAffinity") == "ClientIP":
        return True
    return any(_STICKY.search(key) for key in hop.annotations)
