"""A monitor of Prometheus selects nothing, so nothing is measured and no alert will ever fire.

The graphs stay empty without an error anywhere: Prometheus has no target to fail on.

Fix: the labels of the Service, and the name of its port.

Sources: Prometheus Operator, "API reference: ServiceMonitor".

```yaml bad k8s/web.yaml {25,33}
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
          image: acme/shop:2
          ports: [{name: http, containerPort: 8000}]
---
apiVersion: v1
kind: Service
metadata: {name: web, labels: {app: web}}
spec:
  selector: {app: web}
  ports: [{name: http, port: 80, targetPort: http}]
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: web}
spec:
  selector: {matchLabels: {app: shop}}
  endpoints: [{port: http}]
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: ports}
spec:
  selector: {matchLabels: {app: web}}
  endpoints: [{port: metrics}]
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
          image: acme/shop:2
          ports: [{name: http, containerPort: 8000}]
---
apiVersion: v1
kind: Service
metadata: {name: web, labels: {app: web}}
spec:
  selector: {app: web}
  ports: [{name: http, port: 80, targetPort: http}]
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  endpoints: [{port: http}]
```
"""

from flask_preflight.artifacts.kubernetes import Manifest
from flask_preflight.artifacts.yaml import Map
from flask_preflight.rule import Message, Result, Results, rule

NOBODY = Message("{0} selects no Service, so nothing is measured", "selector")
NO_PORT = Message("{0} asks for a port named {1}, and no Service that it selects has one", "port")


@rule(
    "K8S161",
    "monitor-selects-nothing",
    "warning",
    "observability",
    "kube-linter:dangling-servicemonitor",
    sees="relation",
)
def check(monitor: Manifest) -> Results:
    manifests = monitor.set
    if monitor.kind != "ServiceMonitor" or manifests is None or not manifests.closed:
        return
    selector = monitor.spec.map("spec", "selector")
    wanted = selector.map("matchLabels")
    elsewhere = "namespaceSelector" in monitor.spec.map("spec")
    if not wanted or "matchExpressions" in selector or elsewhere:
        return
    everywhere = [one for found in manifests.all_sets for one in found.services]
    selected = [one for one in everywhere if _has(one, wanted)]
    if not selected:
        yield Result(monitor.at("spec", "selector"), NOBODY(monitor.name))
        return
    names = {port.name for one in selected for port in one.service_ports}
    for index, endpoint in enumerate(monitor.spec.maps("spec", "endpoints")):
        port = endpoint.text("port")
        if port and port not in names:
            where = monitor.spec.value_at("spec", "endpoints", index, "port")
            yield Result(where, NO_PORT(monitor.name, port))


def _has(service: Manifest, wanted: Map) -> bool:
    labels = service.spec.map("metadata", "labels")
    return all(labels.get(key) == value for key, value in wanted.items())
