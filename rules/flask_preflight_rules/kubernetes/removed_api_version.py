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
from flask_preflight.artifacts.kubernetes_removed import removal
from flask_preflight.rule import Message, Result, Results, rule

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
    if found is not None and not manifest.is_newer_than_cluster(found.release):
        said = GONE(manifest.api_version, manifest.kind, found.release, found.instead)
        yield Result(manifest.at("apiVersion"), said, subject=manifest.name)
