"""Every pod of the cluster may speak to every other.

Whoever gets into one of them reaches the database and all that trusts its network.

Fix: a NetworkPolicy that denies all, and one for each way that is needed.

Sources: Kubernetes, "Network Policies".

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
  ports: [{name: http, port: 8080, targetPort: 8000}]
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
  ports: [{name: http, port: 8080, targetPort: 8000}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web}
spec:
  podSelector: {matchLabels: {app: web}}
```
"""

from flask_preflight.artifacts.kubernetes import Manifest, Workload
from flask_preflight.facts import Deployment
from flask_preflight.rule import Message, Result, Results, rule

OPEN = Message("no network policy: whoever gets into one pod reaches all others")
POLICIES = frozenset(
    "NetworkPolicy CiliumNetworkPolicy CiliumClusterwideNetworkPolicy GlobalNetworkPolicy "
    "AdminNetworkPolicy AuthorizationPolicy Sidecar Server ServerAuthorization".split()
)


@rule(
    "K8S110",
    "no-network-policy",
    "note",
    "security",
    "CKV2_K8S_6",
    "kube-linter:non-isolated-pod",
    "kube-score:pod-networkpolicy",
    "polaris:missingNetworkPolicy",
    sees="absent",
)
def check(deployment: Deployment) -> Results:
    if any(manifest.kind in POLICIES for manifest in deployment[Manifest]):
        return
    served = [one for one in deployment[Workload] if one.served and one.role == "production"]
    if served and not any(one.set.has_unread for one in served):
        yield Result(served[0].manifest.at("metadata"), OPEN())
