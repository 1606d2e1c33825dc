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

```yaml bad k8s/web.yaml {18}
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "example/web:1.0"}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8000}]}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec: {scaleTargetRef: {kind: Deployment, name: web}, maxReplicas: 9}
```
"""

from flask_preflight.artifacts.kubernetes import Manifest, Workload
from flask_preflight.lazy import expression
from flask_preflight.rule import Level, Location, Message, Result, Results, rule

ALONE = Message("one pod of {0} serves everybody: nobody is served while it is replaced", "one")
LEAST = Message("one pod of {0} serves everybody while there is little to do", "least")
ONE_ONLY = expression(r"beat|scheduler|cron|leader|migrat|load-?(?:gen|test)|locust")


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
    manifest, scaler = workload.manifest, workload.scaler
    if not workload.served or workload.kind not in ("Deployment", "Rollout"):
        return
    stored = any(volume.dig("persistentVolumeClaim") for volume in workload.spec.maps("volumes"))
    kinds = {container.kind for container in workload.main}
    least = workload.replicas.high if scaler is None else workload.replicas.low
    if least != 1 or not workload.is_whole or kinds - {""} or stored:
        return
    if manifest.spec.text("spec", "strategy", "type") == "Recreate" or ONE_ONLY.search(
        workload.name
    ):
        return
    if scaler is not None:
        yield Result(_least_at(scaler), LEAST(workload.title), level="note")
        return
    given = manifest.spec.dig("spec", "replicas")
    level: Level | None = None if given == 1 else "note"
    where = manifest.at("spec", "replicas") if given is not None else manifest.at("metadata")
    yield Result(where, ALONE(workload.title), level=level)


def _least_at(scaler: Manifest) -> Location:
    keys = ("minReplicas", "minReplicaCount")
    found = (key for key in keys if key in scaler.spec.map("spec"))
    return scaler.at("spec", next(found, keys[0]))
