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

```yaml bad k8s/web.yaml {5,18}
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchExpressions: [{key: app, operator: In, values: [shop, store]}]}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: example/web:1.0
---
apiVersion: apps.openshift.io/v1
kind: DeploymentConfig
metadata:
  name: web
spec:
  selector:
    app: web
  template:
    spec: {containers: [{name: web, image: "example/web:1.0"}]}
```
"""

from flask_preflight.artifacts.kubernetes import Workload
from flask_preflight.artifacts.kubernetes_forms import labels, selects
from flask_preflight.artifacts.yaml import Map
from flask_preflight.rule import Message, Result, Results, rule

REFUSED = Message("Kubernetes refuses {0}: its pods do not have the label {1}")
KINDS = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet")
PLAIN = ("DeploymentConfig", "ReplicationController")
"""Their selectors are the labels themselves."""


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
    selector = workload.manifest.spec.map("spec", "selector")
    if workload.kind not in KINDS + PLAIN or not workload.is_whole or _is_filled(selector):
        return
    missing = _missing(selector, workload)
    if missing:
        yield Result(workload.manifest.at("spec", "selector"), REFUSED(workload.title, missing))


def _missing(selector: Map, workload: Workload) -> str:
    """The first label that its pods should have and do not."""
    plain = labels(selector if workload.kind in PLAIN else selector.map("matchLabels"))
    for key, value in plain.items():
        if workload.labels.get(key) != value:
            return f"{key}={value}"
    if workload.kind in KINDS and selector and not selects(selector, workload.labels):
        return next((one.text("key") for one in selector.maps("matchExpressions")), "")
    return ""


def _is_filled(selector: Map) -> bool:
    """Whether a tool writes something into it later."""
    return any(sign in str(part) for pair in selector.items() for part in pair for sign in "$<")
