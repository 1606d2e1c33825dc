"""A workload that a Service sends requests to has no readiness probe.

The Service finds the pod as soon as its process starts, while Flask is still importing, and keeps
sending when it can no longer answer: users see refused connections at every deployment.

Fix: add a `readinessProbe` that asks a route which needs what the application needs.

Sources: Kubernetes, "Configure Liveness, Readiness and Startup Probes".

```yaml bad {9}
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    metadata: {labels: {app: web, tier: front}}
    spec:
      containers:
        - name: web
          image: registry.example/web:1
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
```

```yaml good
apiVersion: apps/v1
kind: Deployment
metadata: {name: worker}
spec: {template: {metadata: {labels: {app: worker}}, spec: {containers: [{name: worker}]}}}
---
apiVersion: batch/v1
kind: Job
metadata: {name: migrate}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: migrate}]}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: proxy
          image: cloud-sql-proxy:2
        - name: web
          ports: [{containerPort: 8000}]
          readinessProbe: {httpGet: {path: /ready, port: 8000}}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8000}]}
---
apiVersion: v1
kind: Service
metadata: {name: outside}
spec: {type: ExternalName, externalName: db.example.org, selector: {app: worker}}
```
"""

from flask_preflight.artifacts.kubernetes import Workload
from flask_preflight.rule import Level, Message, Result, Results, rule

EARLY = Message("{0} gets requests before it is ready and while it cannot answer")


@rule(
    "K8S060",
    "no-readiness-probe",
    "warning",
    "orchestration",
    "CKV_K8S_9",
    "kube-linter:no-readiness-probe",
    "polaris:readinessProbeMissing",
    sees="absent",
)
def check(workload: Workload) -> Results:
    main = workload.main
    if not workload.served or workload.is_knative or not main or "readinessGates" in workload.spec:
        return
    if any("readinessProbe" in container.spec for container in main):
        return
    container = next((one for one in main if one.ports and not one.kind), main[0])
    level: Level | None = "note" if container.kind else None
    yield Result(container.at(), EARLY(workload.title), level=level)
