"""A workload that a Service sends requests to has no liveness probe.

A server that hangs keeps its pod for ever: Gunicorn replaces dead workers, but nobody replaces a
master that no longer does.

Fix: add a `livenessProbe` that asks a route which depends on nothing else.

Intended: when a restart would do more harm than waiting; say so where you ignore the rule.

Sources: Kubernetes, "Configure Liveness, Readiness and Startup Probes".

```yaml bad {9}
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          readinessProbe: {httpGet: {path: /ready, port: 8000}}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
```

```yaml good
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - {name: web, livenessProbe: {httpGet: {path: /live, port: 8000}}}
        - {name: proxy, image: "cloud-sql-proxy:2"}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  template:
    metadata: {labels: {app: db}}
    spec:
      containers: [{name: db, image: "postgres:17"}]
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: db}
spec: {selector: {app: db}, ports: [{port: 5432}]}
```
"""

from flask_preflight.artifacts.kubernetes import Workload
from flask_preflight.rule import Message, Result, Results, rule

HANGS = Message("nothing restarts {0} when it hangs")


@rule(
    "K8S061",
    "no-liveness-probe",
    "note",
    "orchestration",
    "CKV_K8S_8",
    "kube-linter:no-liveness-probe",
    "polaris:livenessProbeMissing",
    "kube-score:pod-probes",
    sees="absent",
)
def check(workload: Workload) -> Results:
    own = [container for container in workload.main if not container.kind]
    if not workload.served or workload.is_knative or not own:
        return
    if not any("livenessProbe" in container.spec for container in own):
        yield Result(own[0].at(), HANGS(workload.title))
