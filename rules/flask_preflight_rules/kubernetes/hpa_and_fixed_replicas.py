"""The manifest and the autoscaler disagree about the number of pods.

Each `kubectl apply` sets the number of the manifest: in the midst of the load most pods are ended,
and the autoscaler begins again.

Fix: delete `replicas`.

Sources: Kubernetes, "Horizontal Pod Autoscaling: Migrating Deployments".

```yaml bad k8s/web.yaml {5}
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

```yaml fixed k8s/web.yaml
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

from flask_preflight.artifacts.kubernetes import Workload
from flask_preflight.rule import Message, Result, Results, rule

RESET = Message("each apply sets {0} back to {1} pods, whatever the autoscaler chose")


@rule(
    "K8S068",
    "hpa-and-fixed-replicas",
    "warning",
    "scaling",
    "kube-score:deployment-targeted-by-hpa-does-not-have-replicas-configured",
    sees="relation",
)
def check(workload: Workload) -> Results:
    spec, scaler = workload.manifest.spec, workload.scaler
    count = spec.dig("spec", "replicas")
    if scaler is not None and count and spec.dig("spec", "paused") is not True:
        related = (scaler.at().saying("scales it"),)
        where, said = workload.manifest.at("spec", "replicas"), RESET(workload.title, count)
        yield Result(where, said, related, spec.without("spec", "replicas"))
