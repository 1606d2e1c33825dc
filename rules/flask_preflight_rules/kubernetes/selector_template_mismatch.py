"""The workload does not find its own pods.

Kubernetes refuses it, because the labels of its pods are not those that it selects.

Fix: write the same labels in `selector` and in the template.

Sources: Kubernetes, "Deployments: Selector".

```yaml bad k8s/web.yaml {5}
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: example/web:1.0
```

```yaml good k8s/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web, tier: front}}
    spec:
      containers:
        - name: web
          image: example/web:1.0
```
"""

from flask_preflight.artifacts.kubernetes import Workload
from flask_preflight.artifacts.kubernetes_forms import labels
from flask_preflight.rule import Message, Result, Results, rule

REFUSED = Message("Kubernetes refuses {0}: its pods do not have the label {1}")
KINDS = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet")


@rule(
    "K8S005",
    "selector-template-mismatch",
    "error",
    "orchestration",
    "kube-linter:mismatching-selector",
    "kube-score:deployment-pod-selector-labels-match-template-metadata-labels",
    "kube-score:statefulset-pod-selector-labels-match-template-metadata-labels",
)
def check(workload: Workload) -> Results:
    selector = labels(workload.manifest.spec.map("spec", "selector", "matchLabels"))
    if workload.kind not in KINDS or not workload.is_whole:
        return
    for key, value in selector.items():
        if workload.labels.get(key) != value and not any(s in key + value for s in "${<"):
            where = workload.manifest.at("spec", "selector")
            yield Result(where, REFUSED(workload.title, f"{key}={value}"))
            return
