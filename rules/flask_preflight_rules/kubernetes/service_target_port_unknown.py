"""A Service sends requests to a port that the pods behind it do not have.

By a name that no container declares, the Service has no endpoint for the port at all. By a number,
the pods may listen there without saying so; usually one of the two was changed and the other was
forgotten, and every request is refused.

Fix: use the name or the number of a port that the container declares and listens on.

Intended: when the container listens on a port that it does not declare; declare it, too.

Sources: Kubernetes, "Service: Port definitions".

```yaml bad {15,16}
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, ports: [{name: http, containerPort: 8000}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports:
    - {name: named, port: 80, targetPort: web}
    - {name: number, port: 8080}
```

```yaml good
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    metadata: {labels: {app: web}}
    spec:
      initContainers: [{name: sidecar, restartPolicy: Always, ports: [{containerPort: 9000}]}]
      containers: [{name: web, ports: [{name: http, containerPort: 8000}]}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: silent}
spec: {template: {metadata: {labels: {app: silent}}, spec: {containers: [{name: web}]}}}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports:
    - {name: named, port: 80, targetPort: http}
    - {name: text, port: 81, targetPort: "8000"}
    - {name: default, port: 8000}
    - {name: side, port: 9000}
    - {name: log, port: 514, protocol: UDP}
---
apiVersion: v1
kind: Service
metadata: {name: silent}
spec: {selector: {app: silent}, ports: [{port: 80, targetPort: 8000}]}
---
apiVersion: v1
kind: Service
metadata: {name: headless}
spec: {selector: {app: web}, clusterIP: None, ports: [{port: 7}]}
```

```yaml good blue.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: blue}
spec:
  template:
    metadata: {labels: {app: web, color: blue}}
    spec: {containers: [{name: web, ports: [{name: http, containerPort: 8000}]}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: worker}
spec:
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: worker, ports: [{name: metrics, containerPort: 9000}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}
```

```python good app.py
from flask import Flask
app = Flask(__name__)
```

```dockerfile good Dockerfile
FROM python:3.13-slim
COPY . /app
WORKDIR /app
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
```

```yaml good skaffold.yaml
apiVersion: skaffold/v4beta11
kind: Config
build: {artifacts: [{image: shop, context: .}]}
```

```yaml good linked/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: shop, image: shop, ports: [{name: metrics, containerPort: 9000}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: shop}
spec: {selector: {app: shop}, ports: [{port: 80, targetPort: 8000}]}
```
"""

from itertools import islice

from flask_preflight.artifacts.kubernetes import Manifest, ServicePort, Workload, service_ports
from flask_preflight.facts import Port
from flask_preflight.rule import Location, Message, Result, Results, rule

NAMED = Message(
    "service {0} sends to port {1}, and no container of {2} has one of that name", "name"
)
NUMBER = Message("service {0} sends to port {1}, but {2} declares {3}", "number")


@rule(
    "K8S101",
    "service-target-port-unknown",
    "error",
    "scaling",
    "~kube-score:container-ports-check",
    "~kube-linter:invalid-target-ports",
    sees="relation",
)
def check(service: Manifest) -> Results:
    if not service.is_core_service or service.set is None:
        return
    selected = [one for one in service.set.selected(service) if one.long_running]
    if not all(workload.is_whole for workload in selected):
        return
    headless = service.spec.text("spec", "clusterIP") == "None"
    present = {target for workload in selected for one in workload.main for target in one.targets}
    for port in service_ports(service):
        if port.target in present:
            continue
        for workload in selected:
            if isinstance(port.target, str):
                said = NAMED(service.name, port.target, workload.title)
                yield Result(port.location, said, _related(workload))
            elif not headless and _declared(workload) and not _is_known(workload, port):
                numbers = ", ".join(str(declared.number) for declared in _declared(workload))
                said = NUMBER(service.name, port.target, workload.title, numbers)
                yield Result(port.location, said, _related(workload), level="warning")


def _declared(workload: Workload) -> list[Port]:
    """The first ports that its containers declare."""
    return list(islice((port for one in workload.main for port in one.ports), 5))


def _related(workload: Workload) -> tuple[Location, ...]:
    return tuple(p.location.saying(f"declares {p.number}") for p in _declared(workload))


def _is_known(workload: Workload, port: ServicePort) -> bool:
    """Whether it is known what listens on the port: that counts, not what is declared."""
    entries = [container.entry for container in workload.main if container.entry is not None]
    answers = [entry.serves(port.target) for entry in entries if isinstance(port.target, int)]
    return True in answers or bool(answers) and None not in answers
