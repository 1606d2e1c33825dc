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
from flask_preflight.artifacts.kubernetes_forms import labels
from flask_preflight.rule import Message, Result, Results, rule

NEVER = Message("{0} lets no pod go, so draining a node waits for ever")


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
    elif least == "100%" or isinstance(least, int) and _needs_all(manifest, least):
        yield Result(manifest.at("spec", "minAvailable"), NEVER(manifest.title))


def _needs_all(manifest: Manifest, least: int) -> bool:
    """Whether some workload that it is about has no more pods than that."""
    selector = labels(manifest.spec.map("spec", "selector", "matchLabels"))
    workloads = manifest.set.workloads if manifest.set is not None and selector else []
    for workload in workloads:
        about = selector.items() <= workload.labels.items() and workload.is_whole
        low = workload.replicas.low
        if about and workload.kind in ("Deployment", "StatefulSet") and low is not None:
            return low <= least
    return False
