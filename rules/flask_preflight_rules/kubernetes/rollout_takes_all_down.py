"""An update ends every old pod before a new one is ready.

All of them may be unavailable at once: each deployment is an outage.

Fix: `maxSurge: 1, maxUnavailable: 0`.

Sources: Kubernetes, "Deployments: Rolling Update Deployment".

```yaml bad k8s/web.yaml {6}
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  strategy: {rollingUpdate: {maxUnavailable: 100%, maxSurge: 0}}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
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

```yaml good k8s/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  strategy: {rollingUpdate: {maxUnavailable: 1}}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
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
"""

from flask_preflight.artifacts.kubernetes import Workload
from flask_preflight.rule import Message, Result, Results, rule

OUTAGE = Message("an update of {0} may end every old pod before a new one is ready")


@rule("K8S076", "rollout-takes-all-down", "error", "orchestration")
def check(workload: Workload) -> Results:
    update = workload.manifest.spec.map("spec", "strategy", "rollingUpdate")
    gone, more = update.dig("maxUnavailable"), update.dig("maxSurge")
    if not workload.served or workload.kind != "Deployment" or not update:
        return
    high = workload.replicas.high
    every = gone == "100%" or isinstance(gone, int) and high is not None and 0 < high <= gone
    none_more = more in (0, "0", "0%") or gone == "100%" and more is None
    if every and none_more or gone in (0, "0%") and more in (0, "0%"):
        where = workload.manifest.at("spec", "strategy", "rollingUpdate")
        yield Result(where, OUTAGE(workload.title))
