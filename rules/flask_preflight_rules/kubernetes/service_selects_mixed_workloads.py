"""A Service sends requests to pods of which some do not serve them.

The labels that it selects are also those of a worker or another application: every second request
is refused.

Fix: a label that only the pods of the server have, `component: web`, in both places.

Sources: Kubernetes, "Service: Services with selectors".

```yaml bad k8s/web.yaml {31}
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
          image: acme/shop:2
          ports: [{name: http, containerPort: 8000}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: worker}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: worker
          image: acme/shop:2
          command: [celery, -A, app, worker]
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: http}]
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
          image: acme/shop:2
          ports: [{name: http, containerPort: 8000}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: canary}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: canary
          image: acme/shop:3
          ports: [{name: http, containerPort: 8000}]
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: http}]
```
"""

from flask_preflight.artifacts.kubernetes import Manifest, Workload
from flask_preflight.lazy import expression
from flask_preflight.rule import Message, Result, Results, rule

MIXED = Message("service {0} also sends requests to {1}, which does not serve them")
_WORKS = expression(
    r"\b(?:celery|rq|huey|dramatiq|arq)\b.*\b(?:worker|beat)\b|\brqworker\b|\bhuey_consumer\b"
)


@rule("K8S102", "service-selects-mixed-workloads", "error", "scaling", sees="relation")
def check(service: Manifest) -> Results:
    if not service.is_core_service or service.set is None:
        return
    if service.spec.text("spec", "clusterIP") == "None":
        return
    selected = [one for one in service.set.selected(service) if one.long_running]
    targets = {port.target for port in service.service_ports}
    serving = [one for one in selected if targets & _targets(one)]
    for other in selected:
        if serving and other not in serving and _does_not_serve(other):
            related = (other.at().saying("does not serve"), serving[0].at().saying("serves"))
            yield Result(service.at("spec", "selector"), MIXED(service.name, other.title), related)
            return


def _targets(workload: Workload) -> set[int | str]:
    return {target for container in workload.main for target in container.targets}


def _does_not_serve(workload: Workload) -> bool:
    """Whether it declares other ports only, or is a worker."""
    words = " ".join(
        word
        for container in workload.main
        for word in (*(container.command or ()), *(container.args or ()))
    )
    return bool(_targets(workload)) or _WORKS.search(words) is not None
