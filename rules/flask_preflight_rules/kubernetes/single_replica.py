"""One pod serves all clients.

While it starts, is replaced or moves to another node, nobody is served.

Fix: `replicas: 2`, if its state is kept elsewhere.

Sources: Kubernetes, "Disruptions".

```yaml bad k8s/web.yaml {3}
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

```yaml good k8s/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
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
from flask_preflight.lazy import expression
from flask_preflight.rule import Level, Message, Result, Results, rule

ALONE = Message("one pod of {0} serves everybody: nobody is served while it is replaced")
ONE_ONLY = expression(r"beat|scheduler|cron|leader|migrat")


@rule(
    "K8S066",
    "single-replica",
    "warning",
    "scaling",
    "kube-score:deployment-replicas",
    "kube-linter:minimum-three-replicas",
    "kube-score:horizontalpodautoscaler-replicas",
    "kube-linter:hpa-minimum-three-replicas",
    "polaris:deploymentMissingReplicas",
    "polaris:hpaMinAvailability",
    sees="absent",
)
def check(workload: Workload) -> Results:
    manifest = workload.manifest
    if not workload.served or workload.kind not in ("Deployment", "Rollout") or workload.scaler:
        return
    stored = any(volume.dig("persistentVolumeClaim") for volume in workload.spec.maps("volumes"))
    kinds = {container.kind for container in workload.main}
    if workload.replicas.high != 1 or not workload.is_whole or kinds - {""} or stored:
        return
    if manifest.spec.text("spec", "strategy", "type") == "Recreate" or ONE_ONLY.search(
        workload.name
    ):
        return
    given = manifest.spec.dig("spec", "replicas")
    level: Level | None = None if given == 1 else "note"
    where = manifest.at("spec", "replicas") if given is not None else manifest.at("metadata")
    yield Result(where, ALONE(workload.title), level=level)
