"""The database is open to the world outside of the cluster.

Whoever finds the address tries passwords, or a hole in its version, without an end.

Fix: `type: ClusterIP`; for people `kubectl port-forward`.

Sources: Kubernetes, "Service: Publishing Services"; CWE-668.

```yaml bad k8s/web.yaml {17}
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      containers:
        - name: db
          image: postgres:17
---
apiVersion: v1
kind: Service
metadata: {name: db}
spec:
  type: LoadBalancer
  selector: {app: db}
  ports: [{port: 5432}]
```

```yaml fixed k8s/web.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      containers:
        - name: db
          image: postgres:17
---
apiVersion: v1
kind: Service
metadata: {name: db}
spec:
  type: ClusterIP
  selector: {app: db}
  ports: [{port: 5432}]
```

```yaml good k8s/web.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      containers:
        - name: db
          image: postgres:17
---
apiVersion: v1
kind: Service
metadata: {name: db}
spec:
  selector: {app: db}
  ports: [{port: 5432}]
```
"""

from flask_preflight.artifacts.kubernetes import Manifest
from flask_preflight.rule import Level, Message, Result, Results, rule

OPEN = Message("{0} opens the database {1} to the world outside of the cluster")


@rule(
    "K8S113",
    "database-exposed",
    "error",
    "security",
    "CWE-668",
    "kube-linter:exposed-services",
    sees="relation",
)
def check(manifest: Manifest) -> Results:
    kind = manifest.spec.text("spec", "type")
    if not manifest.is_core_service or kind not in ("LoadBalancer", "NodePort"):
        return
    selected = manifest.set.selected(manifest) if manifest.set is not None else []
    for workload in selected:
        for container in workload.main:
            if container.kind == "datastore":
                told = " ".join(f"{key}={value}" for key, value in manifest.annotations.items())
                level: Level | None = "warning" if "nternal" in told else None
                where, said = manifest.at("spec", "type"), OPEN(manifest.title, container.product)
                fix = manifest.spec.instead("ClusterIP", "spec", "type")
                yield Result(where, said, fix=fix, level=level)
                return
