"""The network policy is about no pod, or lets nothing in.

Its author believes that something is closed, and everything is open; or that some pods may
connect, and none may.

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

```yaml bad k8s/web.yaml {14}
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "example/web:1.0"}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web}
spec:
  ingress: [{from: [{podSelector: {matchLabels: {app: proxy}}}]}]
  podSelector: {matchExpressions: [{key: app, operator: In, values: [web, shop]}]}
```

```yaml good k8s/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "example/web:1.0"}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web}
spec:
  podSelector: {}
  ingress:
    - from:
        - podSelector: {matchLabels: {app: proxy}}
          namespaceSelector: {matchLabels: {name: ingress}}
        - podSelector: {matchLabels: {app: web}}
```
"""

from collections.abc import Iterator

from flask_preflight.artifacts.kubernetes import Manifest, ManifestSet
from flask_preflight.artifacts.kubernetes_forms import selects
from flask_preflight.artifacts.yaml import Map
from flask_preflight.rule import Message, Result, Results, rule

NOTHING = Message("{0} is about no pod, so what it should close is open", "pods")
NOBODY = Message("{0} allows pods that do not exist, so nothing may use what it opens", "peers")


@rule(
    "K8S112",
    "network-policy-matches-nothing",
    "warning",
    "security",
    "kube-linter:dangling-networkpolicy",
    "kube-linter:dangling-networkpolicypeer-podselector",
    "kube-score:networkpolicy-targets-pod",
    sees="relation",
)
def check(manifest: Manifest) -> Results:
    manifests = manifest.set
    if manifest.kind != "NetworkPolicy" or manifests is None:
        return
    if not manifests.workloads or manifests.creates_pods or not manifests.closed:
        return
    if _selects_nothing(manifest.spec.map("spec", "podSelector"), manifests):
        yield Result(manifest.at("spec", "podSelector"), NOTHING(manifest.title))
    for peer in _peers(manifest):
        if _selects_nothing(peer.map("podSelector"), manifests):
            yield Result(peer.at("podSelector"), NOBODY(manifest.title), level="note")


def _peers(policy: Manifest) -> Iterator[Map]:
    """Those of its own namespace."""
    for direction, key in (("ingress", "from"), ("egress", "to")):
        for one in policy.spec.maps("spec", direction):
            for peer in one.maps(key):
                if "namespaceSelector" not in peer:
                    yield peer


def _selects_nothing(selector: Map, manifests: ManifestSet) -> bool:
    """Whether it asks for labels that no pod of the repository has."""
    written = [*selector.map("matchLabels").items()]
    written += [("", item) for item in selector.maps("matchExpressions")]
    if not written or any(sign in f"{key}{value}" for key, value in written for sign in "$<"):
        return False
    return not any(
        selects(selector, workload.labels)
        for one in manifests.all_sets
        for workload in one.workloads
    )
