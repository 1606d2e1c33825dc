"""The network policy is about no pod.

Its author believes that something is closed, and everything is open.

Fix: write the labels of the pods.

Sources: Kubernetes, "Network Policies: The NetworkPolicy resource".

```yaml bad k8s/web.yaml {17}
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
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web}
spec:
  podSelector: {matchLabels: {app: shop}}
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
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web}
spec:
  podSelector: {matchLabels: {app: web}}
```
"""

from flask_preflight.artifacts.kubernetes import Manifest
from flask_preflight.artifacts.kubernetes_forms import labels
from flask_preflight.rule import Message, Result, Results, rule

NOTHING = Message("{0} is about no pod, so what it should close is open")


@rule(
    "K8S112",
    "network-policy-matches-nothing",
    "warning",
    "security",
    "kube-linter:dangling-networkpolicy",
    "kube-score:networkpolicy-targets-pod",
    "~kube-linter:dangling-networkpolicypeer-podselector",
    sees="relation",
)
def check(manifest: Manifest) -> Results:
    manifests = manifest.set
    selector = labels(manifest.spec.map("spec", "podSelector", "matchLabels"))
    if manifest.kind != "NetworkPolicy" or manifests is None or not selector:
        return
    if not manifests.workloads or manifests.creates_pods or not manifests.closed:
        return
    if any(sign in f"{key}{value}" for key, value in selector.items() for sign in "${<"):
        return
    if all(
        not selector.items() <= workload.labels.items()
        for one in manifests.all_sets
        for workload in one.workloads
    ):
        yield Result(manifest.at("spec", "podSelector"), NOTHING(manifest.title))
