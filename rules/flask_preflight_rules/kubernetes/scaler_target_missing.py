"""The autoscaler scales something that does not exist.

Nothing is scaled, whatever the load.

Fix: write the kind and the name of the workload.

Sources: Kubernetes, "HorizontalPodAutoscaler Walkthrough".

```yaml bad k8s/web.yaml {18}
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
          resources: {requests: {cpu: 100m, memory: 128Mi}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: shop}
  minReplicas: 2
  maxReplicas: 9
  metrics:
    - type: Resource
      resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}
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
          resources: {requests: {cpu: 100m, memory: 128Mi}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 2
  maxReplicas: 9
  metrics:
    - type: Resource
      resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}
```
"""

from flask_preflight.artifacts.kubernetes import Manifest
from flask_preflight.rule import Message, Result, Results, rule

NOBODY = Message("{0} scales {1}, which does not exist")
KINDS = ("Deployment", "StatefulSet", "ReplicaSet")


@rule(
    "K8S070",
    "scaler-target-missing",
    "error",
    "scaling",
    "kube-linter:dangling-horizontalpodautoscaler",
    "kube-score:horizontalpodautoscaler-has-target",
    sees="relation",
)
def check(manifest: Manifest) -> Results:
    manifests = manifest.set
    if manifest.kind != "HorizontalPodAutoscaler" or manifests is None or not manifests.closed:
        return
    target = manifest.spec.map("spec", "scaleTargetRef")
    kind, name = target.text("kind"), target.text("name")
    if kind not in KINDS or not manifests.workloads or any(sign in name for sign in "${<"):
        return
    if all(one.find(kind, name) is None for one in manifests.all_sets):
        where = manifest.at("spec", "scaleTargetRef")
        yield Result(where, NOBODY(manifest.title, f"{kind} {name}"))
