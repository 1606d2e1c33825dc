"""The autoscaler has no room.

Its highest number is not above its lowest, so the number of pods never changes, whatever the load.

Fix: a higher `maxReplicas`.

Sources: Kubernetes, "Horizontal Pod Autoscaling".

```yaml bad k8s/web.yaml {20}
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
  maxReplicas: 2
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

from flask_preflight.artifacts.kubernetes import Manifest
from flask_preflight.rule import Message, Result, Results, rule

STUCK = Message("{0} never scales: its highest number {1} is not above its lowest")


@rule("K8S071", "scaler-cannot-scale", "warning", "scaling", "polaris:hpaMaxAvailability")
def check(manifest: Manifest) -> Results:
    if manifest.kind != "HorizontalPodAutoscaler":
        return
    lowest, highest = (manifest.spec.dig("spec", f"{one}Replicas") for one in ("min", "max"))
    if isinstance(highest, int) and highest <= (lowest if isinstance(lowest, int) else 1):
        yield Result(manifest.at("spec", "maxReplicas"), STUCK(manifest.title, highest))
