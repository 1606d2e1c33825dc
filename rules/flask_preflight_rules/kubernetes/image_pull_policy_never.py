"""The node never fetches the image.

On a node that does not have it, the pod stays in ErrImageNeverPull.

Fix: delete the line.

Sources: Kubernetes, "Images: Image pull policy".

```yaml bad k8s/web.yaml {12}
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
          imagePullPolicy: Never
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
          imagePullPolicy: IfNotPresent
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
          imagePullPolicy: IfNotPresent
```
"""

from flask_preflight.artifacts.kubernetes import Container
from flask_preflight.rule import Message, Result, Results, rule

NEVER = Message("a node without the image of {0} never fetches it, so the pod does not start")


@rule(
    "K8S052",
    "image-pull-policy-never",
    "warning",
    "orchestration",
    "~kube-score:container-image-pull-policy",
)
def check(container: Container) -> Results:
    if container.spec.text("imagePullPolicy") == "Never":
        where = container.at("imagePullPolicy")
        fix = container.spec.instead("IfNotPresent", "imagePullPolicy")
        yield Result(where, NEVER(container.name), fix=fix, subject=container.workload.title)
