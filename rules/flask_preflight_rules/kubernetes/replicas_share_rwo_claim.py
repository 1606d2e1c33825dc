"""Several pods are to use a volume that only one node may have.

The second pod waits for ever on another node, and an update never ends.

Fix: a volume with ReadWriteMany, object storage, or one replica.

Sources: Kubernetes, "Persistent Volumes: Access Modes".

```yaml bad k8s/web.yaml {16}
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
          volumeMounts: [{name: data, mountPath: /data}]
      volumes:
        - name: data
          persistentVolumeClaim: {claimName: data}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec:
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 1Gi}}
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
          volumeMounts: [{name: data, mountPath: /data}]
      volumes:
        - name: data
          persistentVolumeClaim: {claimName: data}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec:
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 1Gi}}
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
          volumeMounts: [{name: data, mountPath: /data}]
      volumes:
        - name: data
          persistentVolumeClaim: {claimName: data}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec:
  accessModes: [ReadWriteMany]
  resources: {requests: {storage: 1Gi}}
```
"""

from flask_preflight.artifacts.kubernetes import Workload
from flask_preflight.rule import Message, Result, Results, rule

WAITS = Message("only one node may have the volume {1}, so other pods of {0} wait for ever")


@rule("K8S082", "replicas-share-rwo-claim", "error", "scaling", sees="relation")
def check(workload: Workload) -> Results:
    if workload.kind not in ("Deployment", "ReplicaSet", "Rollout") or not workload.replicas.multi:
        return
    for volume in workload.spec.maps("volumes"):
        name = volume.text("persistentVolumeClaim", "claimName")
        claim = workload.set.find("PersistentVolumeClaim", name) if name else None
        modes = claim.spec.items_of("spec", "accessModes") if claim is not None else []
        if claim is not None and modes and not {"ReadWriteMany", "ReadOnlyMany"} & set(modes):
            where = volume.at("persistentVolumeClaim")
            yield Result(where, WAITS(workload.title, name), (claim.at().saying("the claim"),))
