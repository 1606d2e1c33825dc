"""Every pod runs the migrations when it starts.

They do it at the same time: one of them fails, or two change the same table at once.

Fix: a Job, run once before the new version, or one replica.

Sources: Kubernetes, "Jobs"; Flask-Migrate, "Command Reference".

```yaml bad k8s/web.yaml {13}
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      initContainers:
        - name: migrate
          image: example/web:1.0
          command: [flask, db, upgrade]
      containers:
        - name: web
          image: example/web:1.0
```

```yaml good k8s/web.yaml
apiVersion: batch/v1
kind: Job
metadata: {name: migrate}
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: web
          image: example/web:1.0
          command: [flask, db, upgrade]
---
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
```
"""

from flask_preflight.artifacts.kubernetes import Workload
from flask_preflight.lazy import expression
from flask_preflight.rule import Level, Message, Result, Results, rule

TOGETHER = Message("every pod of {0} runs the migrations when it starts, at the same time")
MIGRATES = expression(
    r"\bflask\b.*\bdb upgrade\b|\balembic\b.*\bupgrade\b|\bmanage\.py db upgrade\b|\bcreate_all\b"
)


@rule("K8S084", "migration-in-every-replica", "warning", "orchestration")
def check(workload: Workload) -> Results:
    if not workload.long_running:
        return
    several = workload.replicas.multi or workload.scaler is not None
    for container in workload.containers:
        text = " ".join((*(container.command or ()), *(container.args or ())))
        if MIGRATES.search(text) and "lock" not in text:
            level: Level | None = None if several else "note"
            yield Result(container.at("command"), TOGETHER(workload.title), level=level)
            return
