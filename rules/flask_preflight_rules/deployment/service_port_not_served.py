"""A Service sends requests to a port on which nothing in the container listens.

Every connection through the Service is refused, and the Ingress in front of it answers 502.

Fix: let `targetPort` name the port that the server is bound to.

Sources: Kubernetes, "Service: Port definitions".

```python bad app.py
from flask import Flask

app = Flask(__name__)
```

```yaml bad k8s.yaml {15}
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec:
  containers:
    - name: web
      image: registry.example/web:1
      command: ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: 5000}]
```

```python good app.py
from flask import Flask

app = Flask(__name__)
```

```yaml good k8s.yaml
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec:
  containers:
    - name: web
      image: registry.example/web:1
      command: ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
      ports: [{name: http, containerPort: 8000}]
    - name: nginx
      image: nginx:1.29
      ports: [{name: proxy, containerPort: 5000}]
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports:
    - {name: direct, port: 80, targetPort: http}
    - {name: through, port: 81, targetPort: 5000}
    - {name: numbers, port: 82, targetPort: 8000}
```
"""

from flask_preflight.facts import Entry
from flask_preflight.rule import Message, Result, Results, rule

NOWHERE = Message("service {0} sends to port {1}, {2} listens on {3}")


@rule(
    "DEP020",
    "service-port-not-served",
    "error",
    "scaling",
    "~kube-linter:dangling-service",
    sees="relation",
)
def check(entry: Entry) -> Results:
    if entry.server is None:
        return
    for hop in entry.fronts:
        if hop.kind != "service" or hop.port is None or entry.pod_serves(hop.port) is not False:
            continue
        ports = ", ".join(sorted({str(listen.port) for listen in entry.listens})) or "no port"
        related = [x.location.saying(f"listens on {x.port}") for x in entry.listens]
        related += [x.location for x in entry.declared if x.number == hop.port]
        said = NOWHERE(hop.name, hop.port, entry.title, ports)
        yield Result(hop.location, said, tuple(related))
