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
          ports: [{name: http, containerPort: 8000}]
        - name: side
          readinessProbe: {httpGet: {path: /ready, port: 9000}}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}
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
---
apiVersion: v1
kind: Service
metadata: {name: other, namespace: elsewhere}
spec: {selector: {app: gated}, ports: [{port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: gated, namespace: shop}
spec: {template: {metadata: {labels: {app: gated}}, spec: {containers: [{name: web}]}}}
---
apiVersion: serving.knative.dev/v1
kind: Service
metadata: {name: function}
spec: {template: {spec: {containers: [{image: registry.example/function}]}}}
```

```yaml good deploy/dev/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web}]}}}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
```

```yaml good extras/alternative/service.yaml
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
```

```yaml good extras/plain/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web}]}}}
```
"""

from flask_preflight.artifacts.kubernetes import Container, Workload, service_ports
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
    "kube-score:pod-probes",
    sees="absent",
)
def check(workload: Workload) -> Results:
    main = workload.main
    if not workload.served or workload.is_knative or not main or "readinessGates" in workload.spec:
        return
    owner = _owner(workload)
    probed = [container for container in main if "readinessProbe" in container.spec]
    if owner in probed or owner is None and probed:
        return
    container = owner or next((one for one in main if one.ports and not one.kind), main[0])
    level: Level | None = "note" if container.kind else None
    yield Result(container.at(), EARLY(workload.title), level=level)


def _owner(workload: Workload) -> Container | None:
    """The container that Services send to; None where that cannot be told."""
    targets = {port.target for service in workload.services for port in service_ports(service)}
    owners = [container for container in workload.main if not targets.isdisjoint(container.targets)]
    return owners[0] if len(owners) == 1 else None
