"""The workload has a restart policy that its kind does not allow.

Kubernetes refuses it: a job must not be started for ever, and what serves must.

Fix: `restartPolicy: OnFailure` in a Job, none in a Deployment.

Sources: Kubernetes, "Jobs: Pod template"; Kubernetes, "Pod Lifecycle: Restart policy".

```yaml bad k8s/web.yaml {3}
apiVersion: batch/v1
kind: Job
metadata: {name: migrate}
spec:
  template:
    spec:
      containers:
        - name: web
          image: example/web:1.0
```

```yaml bad k8s/web.yaml {9}
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      restartPolicy: Never
      containers:
        - name: web
          image: example/web:1.0
```

```yaml bad k8s/web.yaml {7}
apiVersion: v1
kind: ReplicationController
metadata: {name: web}
spec:
  template:
    metadata: {labels: {app: web}}
    spec: {restartPolicy: Never, containers: [{name: web, image: "example/web:1.0"}]}
```

```yaml good k8s/web.yaml
apiVersion: batch/v1
kind: Job
metadata: {name: migrate}
spec:
  template:
    spec:
      restartPolicy: OnFailure
      containers:
        - name: web
          image: example/web:1.0
```
"""

from flask_preflight.artifacts.kubernetes import Workload
from flask_preflight.rule import Message, Result, Results, rule

REFUSED = Message("Kubernetes refuses {0} with the restart policy {1}")
LASTING = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController")


@rule(
    "K8S011",
    "job-restart-policy",
    "error",
    "orchestration",
    "kube-score:cronjob-restartpolicy",
    "kube-linter:restart-policy",
)
def check(workload: Workload) -> Results:
    policy = workload.spec.text("restartPolicy")
    if not workload.is_whole:
        return
    if workload.kind in ("Job", "CronJob") and policy in ("", "Always"):
        where = workload.at("restartPolicy") if policy else workload.manifest.at("metadata")
        yield Result(where, REFUSED(workload.title, policy or "Always, the default"))
    elif workload.kind in LASTING and policy not in ("", "Always"):
        yield Result(workload.at("restartPolicy"), REFUSED(workload.title, policy))
