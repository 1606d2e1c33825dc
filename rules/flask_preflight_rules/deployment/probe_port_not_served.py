"""A probe asks a port on which nothing in the container listens.

The connection is refused each time: the container never becomes ready or is restarted for ever,
although the application is well.

Fix: probe the port that the server is bound to.

Sources: Kubernetes, "Configure Liveness, Readiness and Startup Probes"; Gunicorn, "Settings: bind".

```python bad app.py
from flask import Flask

app = Flask(__name__)
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
```

```yaml bad compose.yaml {5}
services:
  web:
    build: .
    healthcheck:
      test: ["CMD", "curl", "-f", "http://localhost:5000/"]
```

```python good app.py
from flask import Flask

app = Flask(__name__)
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
      test: ["CMD", "curl", "-f", "http://localhost:8000/"]
  other:
    build: .
    healthcheck:
      test: ["CMD", "curl", "-f", "http://other.example:5000/"]
  on_the_machine:
    build: .
    network_mode: host
    healthcheck:
      test: ["CMD", "curl", "-f", "http://localhost:5000/"]
  moved:
    build: .
    command: gunicorn --bind 0.0.0.0:$PORT app:app
    healthcheck:
      test: ["CMD", "curl", "-f", "http://localhost:5000/"]
```

```yaml good k8s.yaml
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
    - name: web
      image: web
      command: ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
      ports: [{name: http, containerPort: 8000}]
      readinessProbe: {httpGet: {path: /, port: http}}
    - name: nginx
      image: nginx:1.29
      readinessProbe: {httpGet: {path: /, port: 5000}}
```
"""

from flask_preflight.facts import Entry
from flask_preflight.rule import Message, Result, Results, rule

REFUSED = Message("the {0} asks port {1}, but the server of {2} listens on {3}")


@rule(
    "DEP007",
    "probe-port-not-served",
    "error",
    "orchestration",
    "~kube-linter:liveness-port",
    "~kube-linter:readiness-port",
    "~kube-linter:startup-port",
    sees="relation",
    development=True,
)
def check(entry: Entry) -> Results:
    if entry.server is None:
        return
    for probe in entry.probes:
        if probe.host or probe.port is None or entry.pod_serves(probe.port) is not False:
            continue
        ports = ", ".join(sorted({str(listen.port) for listen in entry.listens})) or "no port"
        related = tuple(
            listen.location.saying(f"listens on {listen.port}") for listen in entry.listens
        )
        said = REFUSED(probe.title, probe.port, entry.title, ports)
        yield Result(probe.at("port"), said, related)
