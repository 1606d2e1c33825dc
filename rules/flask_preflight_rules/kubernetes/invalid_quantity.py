"""An amount of memory or processor time is written in a way that Kubernetes does not read.

It refuses the object; or, with a small m behind memory, it gives thousandths of a byte and kills
the pod at once.

Fix: `512Mi`, `500m` for half a processor.

Sources: Kubernetes, "Resource Management for Pods and Containers: Resource units".

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
          resources:
            limits: {memory: 512MB}
```

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
          resources:
            limits: {memory: 512m}
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
          resources:
            requests: {cpu: 100m, memory: 128Mi}
            limits: {cpu: "1.5", memory: 1e9}
```
"""

from flask_preflight.artifacts.kubernetes import Container
from flask_preflight.lazy import expression
from flask_preflight.rule import Message, Result, Results, rule

REFUSED = Message("Kubernetes refuses {0} of {1}: {2} is no quantity", "refused")
TINY = Message("{0} of {1} is {2}, thousandths of a byte: the pod is killed at once", "tiny")
QUANTITY = expression(
    r"[+-]?(?:\d+\.?\d*|\.\d+)(?:n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?\d+)?\Z"
)


@rule("K8S010", "invalid-quantity", "error", "orchestration")
def check(container: Container) -> Results:
    for group in ("requests", "limits"):
        for resource in container.spec.map("resources", group):
            text = container.spec.text("resources", group, resource)
            if not text or any(sign in text for sign in "${<"):
                continue
            where = container.at("resources", group, resource)
            subject = container.workload.title
            if not QUANTITY.match(text):
                yield Result(where, REFUSED(resource, container.name, text), subject=subject)
            elif resource in ("memory", "ephemeral-storage") and text.endswith("m"):
                yield Result(where, TINY(resource, container.name, text), subject=subject)
