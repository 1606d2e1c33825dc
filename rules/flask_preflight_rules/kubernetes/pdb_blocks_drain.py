"""No pod may ever be moved to another node.

The budget asks for as many pods as there are: draining a node waits for ever, and so does the
update of the cluster.

Fix: `maxUnavailable: 1`.

Sources: Kubernetes, "Specifying a Disruption Budget for your Application".

```yaml bad k8s/web.yaml {19}
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
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  minAvailable: 2
```

```yaml bad k8s/web.yaml {6}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  maxUnavailable: 0
```

```yaml bad k8s/web.yaml {15}
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "example/web:1.0"}]}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web}
spec:
  minAvailable: 70%
  selector: {matchExpressions: [{key: app, operator: In, values: [web]}]}
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
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  minAvailable: 1
```
"""

from flask_preflight.artifacts.kubernetes import Manifest
from flask_preflight.artifacts.kubernetes_forms import selects
from flask_preflight.lazy import expression
from flask_preflight.rule import Message, Result, Results, rule

NEVER = Message("{0} lets no pod go, so draining a node waits for ever")
_PERCENT = expression(r"(\d{1,4})%\Z")


@rule(
    "K8S072",
    "pdb-blocks-drain",
    "error",
    "orchestration",
    "kube-linter:pdb-max-unavailable",
    "kube-linter:pdb-min-available",
    "polaris:pdbDisruptionsIsZero",
    "polaris:pdbMinAvailableGreaterThanHPAMinReplicas",
)
def check(manifest: Manifest) -> Results:
    if manifest.kind != "PodDisruptionBudget":
        return
    least, most = (manifest.spec.dig("spec", key) for key in ("minAvailable", "maxUnavailable"))
    if most in (0, "0", "0%"):
        yield Result(manifest.at("spec", "maxUnavailable"), NEVER(manifest.title))
    elif least == "100%" or least is not None and _needs_all(manifest, least):
        yield Result(manifest.at("spec", "minAvailable"), NEVER(manifest.title))


def _needs_all(manifest: Manifest, least: object) -> bool:
    """Whether some workload that it is about has no more pods than that."""
    selector = manifest.spec.map("spec", "selector")
    workloads = manifest.set.workloads if manifest.set is not None and selector else []
    for workload in workloads:
        about = selects(selector, workload.labels) and workload.is_whole
        low = workload.replicas.low
        if about and workload.kind in ("Deployment", "StatefulSet") and low is not None:
            needed = _needed(least, low)
            return needed is not None and low <= needed
    return False


def _needed(least: object, pods: int) -> int | None:
    """How many of the pods must stay; parts of a pod are whole ones."""
    if isinstance(least, str):
        found = _PERCENT.match(least)
        return None if found is None else -(-pods * int(found[1]) // 100)
    return least if isinstance(least, int) and not isinstance(least, bool) else None
