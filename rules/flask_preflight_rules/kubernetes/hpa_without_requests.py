"""The autoscaler cannot compute anything.

It compares the use with the request, and a container asks for none: the target stays unknown, and
the number of pods never changes.

Fix: `resources.requests` for the resource in every container.

Sources: Kubernetes, "Horizontal Pod Autoscaling: How does it work".

```yaml bad k8s/web.yaml {10}
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: example/web:1.0
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 2
  maxReplicas: 9
  metrics:
    - type: Resource
      resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}
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
      containers:
        - name: web
          image: example/web:1.0
          resources: {requests: {cpu: 100m, memory: 128Mi}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 2
  maxReplicas: 9
  metrics:
    - type: Resource
      resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}
```
"""

from flask_preflight.artifacts.kubernetes import Manifest, Workload
from flask_preflight.rule import Message, Result, Results, rule

UNKNOWN = Message("the autoscaler never scales {0}: {1} asks for no {2} to compare with")


@rule("K8S069", "hpa-without-requests", "error", "scaling", sees="relation")
def check(workload: Workload) -> Results:
    scaler = workload.scaler
    if scaler is None or scaler.kind != "HorizontalPodAutoscaler" or not workload.is_whole:
        return
    for resource in _compared(scaler):
        for container in workload.main:
            own = [container.spec.dig("resources", one, resource) for one in ("requests", "limits")]
            if any(own) or resource in workload.set.default_requests:
                continue
            said = UNKNOWN(workload.title, container.name, resource)
            yield Result(container.at("resources"), said, (scaler.at().saying("the autoscaler"),))


def _compared(scaler: Manifest) -> list[str]:
    """The resources whose use is compared with the request."""
    found = [
        metric.text("resource", "name")
        for metric in scaler.spec.maps("spec", "metrics")
        if metric.text("resource", "target", "type") == "Utilization"
    ]
    if scaler.spec.dig("spec", "targetCPUUtilizationPercentage") is not None:
        found.append("cpu")
    return found
