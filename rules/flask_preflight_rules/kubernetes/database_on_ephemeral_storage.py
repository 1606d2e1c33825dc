"""The database keeps its data in its pod.

Everything is gone when the pod is: at an update, a crash of the node, or when the node needs room.

Fix: a PersistentVolumeClaim at the folder of the data.

Sources: Kubernetes, "Volumes: emptyDir"; Docker Official Images, "postgres: PGDATA".

```yaml bad k8s/web.yaml {10}
apiVersion: apps/v1
kind: Deployment
metadata: {name: db}
spec:
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      containers:
        - name: db
          image: postgres:17
```

```yaml bad k8s/web.yaml {10}
apiVersion: apps/v1
kind: Deployment
metadata: {name: db}
spec:
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      containers:
        - name: db
          image: postgres:17
          volumeMounts: [{name: data, mountPath: /var/lib/postgresql/data}]
      volumes:
        - name: data
          emptyDir: {}
```

```yaml good k8s/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: db}
spec:
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      containers:
        - name: db
          image: postgres:17
          volumeMounts: [{name: data, mountPath: /var/lib/postgresql/data}]
      volumes:
        - name: data
          persistentVolumeClaim: {claimName: data}
```
"""

from flask_preflight.artifacts.kubernetes import Container
from flask_preflight.artifacts.products import PRODUCTS
from flask_preflight.rule import Level, Message, Result, Results, rule

GONE = Message("the data of {0} is gone when its pod is")
LASTING = ("persistentVolumeClaim", "csi", "nfs", "awsElasticBlockStore", "gcePersistentDisk")
CACHES = ("redis", "valkey", "memcached", "keydb", "redis-stack", "redis-stack-server")


@rule("K8S087", "database-on-ephemeral-storage", "error", "recovery")
def check(container: Container) -> Results:
    workload, product = container.workload, PRODUCTS.get(container.product)
    kinds = ("Deployment", "StatefulSet", "Pod")
    if product is None or product.use != "datastore" or not product.data or container.init:
        return
    if workload.kind not in kinds or not workload.is_whole or product.name in CACHES:
        return
    volumes = {one.text("name"): one for one in workload.spec.maps("volumes")}
    claims = {
        one.text("metadata", "name")
        for one in workload.manifest.spec.maps("spec", "volumeClaimTemplates")
    }
    local = False
    for mount in container.spec.maps("volumeMounts"):
        path, name = mount.text("mountPath").rstrip("/"), mount.text("name")
        near = any(path.startswith(one) or one.startswith(path + "/") for one in product.data)
        volume = volumes.get(name)
        if near and (name in claims or volume is None or any(volume.dig(one) for one in LASTING)):
            return
        local = local or near and volume is not None and volume.dig("hostPath") is not None
    level: Level | None = "warning" if local else None
    yield Result(container.at(), GONE(container.name), level=level, subject=workload.title)
