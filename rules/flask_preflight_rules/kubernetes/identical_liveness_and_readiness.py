"""The pod is killed as soon as it should get no more requests.

Both probes ask the same and give up at the same moment: a pod that is only busy is started anew
instead of being left alone, and the others get its load.

Fix: a higher `failureThreshold` for the liveness probe, or a route of its own that asks nothing
else.

Sources: Kubernetes, "Configure Liveness, Readiness and Startup Probes".

```yaml bad k8s/web.yaml {12}
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
          livenessProbe:
            httpGet: {path: /healthz, port: 8000}
          readinessProbe:
            httpGet: {path: /healthz, port: 8000}
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
          livenessProbe:
            httpGet: {path: /healthz, port: 8000}
            failureThreshold: 10
          readinessProbe:
            httpGet: {path: /healthz, port: 8000}
        - name: other
          image: example/other:1.0
          livenessProbe:
            httpGet: {path: /livez, port: 8000}
          readinessProbe:
            httpGet: {path: /readyz, port: 8000}
```
"""

from flask_preflight.artifacts.kubernetes import Container
from flask_preflight.artifacts.yaml import Map
from flask_preflight.rule import Message, Result, Results, rule

SAME = Message("{0} is killed as soon as it should get no more requests: both probes are one")
HANDLERS = ("httpGet", "tcpSocket", "exec", "grpc")


@rule(
    "K8S062",
    "identical-liveness-and-readiness",
    "warning",
    "orchestration",
    "kube-score:pod-probes-identical",
)
def check(container: Container) -> Results:
    live, ready = container.spec.map("livenessProbe"), container.spec.map("readinessProbe")
    if not live or not ready or container.kind:
        return
    same = all(live.dig(one) == ready.dig(one) for one in HANDLERS)
    if same and _tolerance(live) <= _tolerance(ready):
        where = container.at("livenessProbe")
        yield Result(where, SAME(container.name), subject=container.workload.title)


def _tolerance(probe: Map) -> int:
    """After how many seconds of failures it gives up."""
    period, failures = probe.dig("periodSeconds"), probe.dig("failureThreshold")
    known = [one if isinstance(one, int) else None for one in (period, failures)]
    return (known[0] or 10) * (known[1] or 3)
