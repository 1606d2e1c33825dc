"""A database keeps its data on one volume of the cluster, and nothing copies it.

A volume outlives its pod, not the mistake of a person, a broken migration or the loss of the
cluster.

Fix: a CronJob with `pg_dump` to a bucket, Velero, or the `backup` of the operator; or a database
that the cloud keeps.

Intended: where the snapshots of the cloud are set up outside of the repository; say so with
`evidence.data-backup`.

Sources: Kubernetes, "Volume Snapshots"; PostgreSQL, "Backup and Restore".

```python bad app.py
from flask import Flask

app = Flask(__name__)
```

```yaml bad k8s/db.yaml {13}
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: db
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      containers:
        - name: postgres
          image: postgres:17.5
          volumeMounts: [{name: data, mountPath: /var/lib/postgresql/data}]
  volumeClaimTemplates:
    - metadata: {name: data}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 8Gi}}}
```

```python good app.py
from flask import Flask

app = Flask(__name__)
```

```yaml good k8s/db.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: db
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      containers:
        - name: postgres
          image: postgres:17.5
          volumeMounts: [{name: data, mountPath: /var/lib/postgresql/data}]
  volumeClaimTemplates:
    - metadata: {name: data}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 8Gi}}}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: db-backup}
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: OnFailure
          containers:
            - name: dump
              image: postgres:17.5
              command: [sh, -c, "pg_dump shop | aws s3 cp - s3://backups/shop.sql"]
```
"""

from collections.abc import Iterator

from flask_preflight.artifacts.kubernetes import Container
from flask_preflight.artifacts.products import SERVERS_OF_DATA
from flask_preflight.facts import Deployment, Mount
from flask_preflight.rule import Message, Result, Results, rule

ONCE = Message("the data of {0} is on one volume, and nothing in the repository copies it")
PASSING = frozenset("rabbitmq elasticsearch opensearch redis valkey memcached".split())


@rule("K8S147", "cluster-database-without-backup", "warning", "recovery", sees="absent")
def check(deployment: Deployment) -> Results:
    if deployment.item("data-backup").state != "missing":
        return
    kept = list(_kept(deployment))
    for container, mount in kept[:1]:
        others = tuple(other.location.saying(f"the data of {one.name}") for one, other in kept[1:6])
        title = container.workload.title
        yield Result(mount.location, ONCE(container.name), others, subject=title)


def _kept(deployment: Deployment) -> Iterator[tuple[Container, Mount]]:
    for entry in deployment.entries:
        part = entry.part
        if entry.role != "production" or not isinstance(part, Container):
            continue
        if part.product in SERVERS_OF_DATA - PASSING:
            lasting = [one for one in entry.mounts if one.kind in ("pvc", "hostPath")]
            yield from ((part, one) for one in lasting[:1])
