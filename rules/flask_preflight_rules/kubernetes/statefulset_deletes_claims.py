"""The data is deleted together with the set, or when it becomes smaller.

A mistaken `kubectl delete`, or fewer replicas for a night, is the end of the data.

Fix: `Retain`.

Sources: Kubernetes, "StatefulSets: PersistentVolumeClaim retention".

```yaml bad k8s/web.yaml {6}
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  selector: {matchLabels: {app: db}}
  persistentVolumeClaimRetentionPolicy: {whenDeleted: Delete, whenScaled: Retain}
  template:
    metadata: {labels: {app: db}}
    spec:
      containers:
        - name: db
          image: postgres:17
```

```yaml fixed k8s/web.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  selector: {matchLabels: {app: db}}
  persistentVolumeClaimRetentionPolicy: {whenDeleted: Retain, whenScaled: Retain}
  template:
    metadata: {labels: {app: db}}
    spec:
      containers:
        - name: db
          image: postgres:17
```

```yaml good k8s/web.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  selector: {matchLabels: {app: db}}
  persistentVolumeClaimRetentionPolicy: {whenDeleted: Retain, whenScaled: Retain}
  template:
    metadata: {labels: {app: db}}
    spec:
      containers:
        - name: db
          image: postgres:17
```
"""

from flask_preflight.artifacts.kubernetes import Manifest
from flask_preflight.rule import Message, Result, Results, rule

DELETED = Message("the data of {0} is deleted {1}")
WHEN = {"whenDeleted": "together with it", "whenScaled": "when it gets fewer replicas"}


@rule("K8S088", "statefulset-deletes-claims", "warning", "recovery")
def check(manifest: Manifest) -> Results:
    keys = ("spec", "persistentVolumeClaimRetentionPolicy")
    if manifest.kind == "StatefulSet":
        for field, moment in WHEN.items():
            if manifest.spec.text(*keys, field) == "Delete":
                fix = manifest.spec.instead("Retain", *keys, field)
                yield Result(manifest.at(*keys, field), DELETED(manifest.title, moment), fix=fix)
