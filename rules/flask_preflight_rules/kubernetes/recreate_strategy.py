"""Each deployment is an outage.

Kubernetes ends all old pods before it starts the first new one.

Fix: delete `strategy`, so that it is RollingUpdate.

Sources: Kubernetes, "Deployments: Recreate Deployment".

```yaml bad k8s/web.yaml {5}
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  strategy: {type: Recreate}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: example/web:1.0
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: 8000}]
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
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: 8000}]
```
"""

from flask_preflight.artifacts.kubernetes import Workload
from flask_preflight.rule import Message, Result, Results, rule

OUTAGE = Message("each deployment of {0} is an outage: all old pods end before a new one starts")


@rule(
    "K8S067",
    "recreate-strategy",
    "warning",
    "orchestration",
    "kube-score:deployment-strategy",
    "kube-linter:no-rolling-update-strategy",
)
def check(workload: Workload) -> Results:
    spec = workload.manifest.spec
    if not workload.served or spec.text("spec", "strategy", "type") != "Recreate":
        return
    stored = any(volume.dig("persistentVolumeClaim") for volume in workload.spec.maps("volumes"))
    if not stored and not any(container.kind for container in workload.main):
        yield Result(workload.manifest.at("spec", "strategy"), OUTAGE(workload.title))
