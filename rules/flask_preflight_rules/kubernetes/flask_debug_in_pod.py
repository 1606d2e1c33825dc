"""The pod runs with Flask's debugging switched on.

Errors are answered with tracebacks and the debugger, whatever server runs the application.

Fix: delete the variable.

Sources: Flask, "Configuration Handling: DEBUG"; CWE-489.

```yaml bad k8s/web.yaml {13}
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
          env:
            - {name: FLASK_DEBUG, value: "1"}
```

```yaml fixed k8s/web.yaml
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
          env:
            - {name: FLASK_DEBUG, value: "0"}
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
          env:
            - {name: FLASK_DEBUG, value: "0"}
            - {name: DEBUG, value: "1"}
```
"""

from flask_preflight.artifacts.env import flask_debug
from flask_preflight.artifacts.kubernetes import Container
from flask_preflight.rule import Message, Result, Results, rule

ON = Message("{0} runs with {1}={2}: errors show visitors the inside of the application")


@rule("K8S127", "flask-debug-in-pod", "error", "wsgi", "CWE-489", "semgrep:flask-debugging-enabled")
def check(container: Container) -> Results:
    found = container.environment.get("FLASK_DEBUG")
    if found is not None and found.value and flask_debug(found.value):
        said = ON(container.name, "FLASK_DEBUG", found.value)
        entries = container.spec.maps("env")
        own = next((one for one in entries if one.text("name") == "FLASK_DEBUG"), None)
        fix = own.instead('"0"', "value") if own is not None else None
        yield Result(found.location, said, fix=fix, subject=container.workload.title)
