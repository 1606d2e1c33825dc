"""An object is written in a version of its interface that clusters no longer serve.

`kubectl apply` answers "no matches for kind", and the whole deployment stops there.

Fix: use the version that replaced it, and compare the fields: some were renamed.

Intended: when the clusters are older; set `kubernetes-version` to their release.

Sources: Kubernetes, "Deprecated API Migration Guide".

```yaml bad {1,14}
apiVersion: extensions/v1beta1
kind: Ingress
metadata: {name: web}
spec:
  backend: {serviceName: web, servicePort: 80}
---
apiVersion: batch/v1beta1
kind: CronJobList
items:
  - metadata: {name: copy}
    apiVersion: batch/v1
    kind: CronJob
  - metadata: {name: clean}
    apiVersion: batch/v1beta1
    kind: CronJob
```

```yaml bad {1}
apiVersion: "policy/v1beta1"
kind: PodDisruptionBudget
metadata: {name: web}
spec: {maxUnavailable: 1, selector: {matchLabels: {app: web}}}
```

```yaml fixed
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web}
spec: {maxUnavailable: 1, selector: {matchLabels: {app: web}}}
```

```yaml good
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
---
apiVersion: networking.gke.io/v1beta1
kind: ManagedCertificate
metadata: {name: web}
---
kind: Deployment
metadata: {name: patched}
spec: {replicas: 2}
```
"""

from flask_preflight.artifacts.kubernetes import Manifest
from flask_preflight.artifacts.kubernetes_removed import only_renamed, removal
from flask_preflight.rule import Fix, Message, Replacement, Result, Results, rule

GONE = Message("{0} {1} is not served since Kubernetes {2}: use {3}")


@rule(
    "K8S001",
    "removed-api-version",
    "error",
    "orchestration",
    "kube-linter:no-extensions-v1beta",
    "kube-score:stable-version",
    "KSV-0107",
)
def check(manifest: Manifest) -> Results:
    found = removal(manifest.api_version, manifest.kind)
    applied = found is not None and not manifest.is_patch
    if found is not None and applied and not manifest.is_newer_than_cluster(found.release):
        said = GONE(manifest.api_version, manifest.kind, found.release, found.instead)
        fix = _fix(manifest, found.instead)
        yield Result(manifest.at("apiVersion"), said, fix=fix, subject=manifest.name)


def _fix(manifest: Manifest, instead: str) -> Fix | None:
    selector = bool(manifest.spec.map("spec", "selector"))
    where, whole = manifest.spec.value_at("apiVersion"), manifest.spec.node.region
    # The version of a typed list stands before its items.
    own = whole[:2] <= where.region[:2] < whole[2:]
    if not own or not only_renamed(manifest.api_version, has_selector=selector):
        return None
    edit = Replacement(where.path, where.region, instead)
    return Fix(f"write {instead}", (edit,), safe=True)
