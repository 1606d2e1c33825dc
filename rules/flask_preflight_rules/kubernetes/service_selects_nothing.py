"""A Service selects pods that nothing starts.

It has no endpoints: every request to its name is refused, and an Ingress in front of it answers
503.

Fix: make the selector equal to the labels in the pod template.

Sources: Kubernetes, "Service: Defining a Service".

```yaml bad {12}
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    metadata: {labels: {app: web, tier: front}}
    spec: {containers: [{name: web}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web, tier: frontend}, ports: [{port: 80}]}
```

```yaml good
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    metadata: {labels: {app: web, tier: front}}
    spec: {containers: [{name: web}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: manual}
spec: {ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: outside}
spec: {type: ExternalName, externalName: db.example.org, selector: {app: db}}
---
apiVersion: v1
kind: Service
metadata: {name: filled}
spec: {selector: {app: "$(NAME)"}, ports: [{port: 80}]}
---
kind: Service
metadata: {name: web}
spec: {selector: {app: patched}}
```

```yaml good k8s/service.yaml
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: database}
spec: {selector: {cnpg.io/cluster: database}, ports: [{port: 5432}]}
---
apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata: {name: database}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: worker}
spec: {template: {metadata: {labels: {app: worker}}, spec: {containers: [{name: worker}]}}}
```

```yaml good templated/service.yaml
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: templated}, ports: [{port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: worker}
spec: {template: {metadata: {labels: {app: worker}}, spec: {containers: [{name: worker}]}}}
```

```yaml good templated/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {template: {metadata: {labels: {{- toYaml .Values.labels }}}}}
```

```yaml good elsewhere/service.yaml
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
```
"""

from flask_preflight.artifacts.kubernetes import Manifest, Workload
from flask_preflight.rule import Message, Result, Results, rule

EMPTY = Message("no pod has the labels that service {0} selects; {1} is nearest and differs in {2}")


@rule(
    "K8S100",
    "service-selects-nothing",
    "error",
    "scaling",
    "kube-linter:dangling-service",
    "kube-score:service-targets-pod",
    sees="relation",
)
def check(service: Manifest) -> Results:
    manifests = service.set
    if not service.is_core_service or manifests is None or not manifests.workloads:
        return
    selector = {str(k): str(v) for k, v in service.spec.map("spec", "selector").items()}
    if not selector or service.spec.text("spec", "type") == "ExternalName":
        return
    if any(mark in f"{key}{value}" for key, value in selector.items() for mark in "${<"):
        return
    if service.is_selected_anywhere or manifests.creates_pods:
        return

    def equal(workload: Workload) -> int:
        return len(selector.items() & workload.labels.items())

    nearest = max(manifests.workloads, key=equal)
    differing = ", ".join(k for k, v in selector.items() if nearest.labels.get(k) != v)
    said = EMPTY(service.name, nearest.title, differing)
    where = service.at("spec", "selector")
    yield Result(where, said, (nearest.at().saying("the nearest pod template"),))
