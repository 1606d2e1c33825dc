"""The probe asks a port by a name that the container does not have.

It can never succeed: the pod is never ready, or killed again and again.

Fix: write the name of one of the container's ports, or its number.

Sources: Kubernetes, "Configure Liveness, Readiness and Startup Probes".

```yaml bad k8s/web.yaml {14}
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
          ports: [{name: http, containerPort: 8000}]
          readinessProbe:
            httpGet: {path: /healthz, port: web}
```

```yaml bad k8s/statsd.yaml {10}
apiVersion: apps/v1
kind: Deployment
metadata: {name: statsd}
spec:
  template:
    spec:
      containers:
        - name: statsd
          ports: [{name: stats, containerPort: 8125, protocol: UDP}]
          livenessProbe: {tcpSocket: {port: stats}}
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
          ports: [{name: http, containerPort: 8000}]
          readinessProbe:
            httpGet: {path: /healthz, port: http}
          livenessProbe:
            tcpSocket: {port: 8001}
```
"""

from flask_preflight.artifacts.kubernetes import Container
from flask_preflight.rule import Message, Result, Results, rule

NEVER = Message("the {0} of {1} asks port {2}, and no TCP port of it has that name")
PROBES = ("livenessProbe", "readinessProbe", "startupProbe")


@rule(
    "K8S063",
    "probe-port-unknown",
    "error",
    "orchestration",
    "kube-linter:liveness-port",
    "kube-linter:readiness-port",
    "kube-linter:startup-port",
)
def check(container: Container) -> Results:
    ports = container.spec.maps("ports")
    names = {port.text("name") for port in ports if port.text("protocol") != "UDP"}
    for probe in PROBES:
        for handler in ("httpGet", "tcpSocket"):
            port = container.spec.dig(probe, handler, "port")
            if (
                not isinstance(port, str)
                or port.isdigit()
                or container.spec.text(probe, handler, "host")
            ):
                continue
            if port not in names and not any(sign in port for sign in "${"):
                said = NEVER(probe, container.name, port)
                where = container.at(probe, handler, "port")
                yield Result(where, said, subject=container.workload.title)
