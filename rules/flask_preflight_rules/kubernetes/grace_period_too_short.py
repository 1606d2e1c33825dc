"""Pods are killed in the midst of requests.

With no grace, or one that the `preStop` hook uses up, the server never gets to finish what it
serves.

Fix: a grace above the hook and the server's own timeout, `terminationGracePeriodSeconds: 60`.

Sources: Kubernetes, "Pod Lifecycle: Termination of Pods".

```yaml bad k8s/web.yaml {9}
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 0
      containers:
        - name: web
          image: example/web:1.0
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: 8000}]
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
      terminationGracePeriodSeconds: 20
      containers:
        - name: web
          image: example/web:1.0
          lifecycle: {preStop: {exec: {command: [sh, -c, sleep 20]}}}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: 8000}]
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
      terminationGracePeriodSeconds: 60
      containers:
        - name: web
          image: example/web:1.0
          lifecycle: {preStop: {exec: {command: [sleep, "5"]}}}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: 8000}]
```
"""

from flask_preflight.artifacts.kubernetes import Container, Workload
from flask_preflight.lazy import expression
from flask_preflight.rule import Message, Result, Results, rule

KILLED = Message("{0} is killed at once, in the midst of requests", "killed")
USED = Message("the preStop hook of {0} uses up the grace of {1} s", "used")
SLEEP = expression(r"\bsleep (\d{1,5})\b")


@rule("K8S077", "grace-period-too-short", "warning", "orchestration")
def check(workload: Workload) -> Results:
    grace = workload.spec.dig("terminationGracePeriodSeconds")
    if not workload.served:
        return
    where = workload.at("terminationGracePeriodSeconds")
    if grace == 0:
        yield Result(where, KILLED(workload.title), level="error")
        return
    given = grace if isinstance(grace, int) else 30
    for container in workload.main:
        if _waits(container) >= given:
            yield Result(where, USED(container.name, given))


def _waits(container: Container) -> int:
    """How many seconds its hook certainly takes."""
    hook = container.spec.map("lifecycle", "preStop")
    seconds = hook.dig("sleep", "seconds")
    if isinstance(seconds, int):
        return seconds
    found = SLEEP.search(" ".join(map(str, hook.items_of("exec", "command"))))
    return int(found[1]) if found is not None else 0
