"""The address of the server is taken from a variable that nothing sets.

The shell writes nothing in its place, and Gunicorn ends with "'' is not a valid port number".

Fix: provide the variable, or write a default: `${PORT:-8000}`.

Sources: Gunicorn, "Settings: bind".

```python bad app.py
from flask import Flask

app = Flask(__name__)
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD exec gunicorn --bind 0.0.0.0:$PORT app:app
```

```yaml bad k8s/web.yaml {10}
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
          image: registry.example.org/shop
```

```yaml bad skaffold.yaml
apiVersion: skaffold/v4beta11
kind: Config
build:
  artifacts: [{image: registry.example.org/shop}]
manifests: {rawYaml: [k8s/web.yaml]}
```

```python good app.py
from flask import Flask

app = Flask(__name__)
```

```dockerfile good Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD exec gunicorn --bind 0.0.0.0:$PORT app:app
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
          image: registry.example.org/shop
          env: [{name: PORT, value: "8000"}]
```

```yaml good skaffold.yaml
apiVersion: skaffold/v4beta11
kind: Config
build:
  artifacts: [{image: registry.example.org/shop}]
manifests: {rawYaml: [k8s/web.yaml]}
```
"""

from flask_preflight.facts import Entry
from flask_preflight.lazy import expression
from flask_preflight.rule import Message, Result, Results, rule

EMPTY = Message("{0} does not start: its address is taken from {1}, which nothing sets")
_BIND = expression(
    r"(?:^|\s)(?:-b|--bind|--port|-p|--http|--http-socket)[ =]?[^\s$]*\$\{?(\w+)\}?(?![\w:-])"
)


@rule("DEP027", "bind-variable-unset", "error", "wsgi", sees="relation")
def check(entry: Entry) -> Results:
    if entry.carrier not in ("compose", "swarm", "kubernetes") or entry.server is None:
        return
    if not entry.environment.closed or entry.environment.provides("GUNICORN_CMD_ARGS"):
        return
    words = " ".join(entry.argv or ())
    for found in _BIND.finditer(words[:10_000]):
        assigned = any(variable.name == found[1] for variable in entry.server.exports)
        if entry.environment.provides(found[1]) is False and not assigned:
            where = entry.argv_location.saying("the command")
            yield Result(entry.location, EMPTY(entry.title, found[1]), (where,))
            return
