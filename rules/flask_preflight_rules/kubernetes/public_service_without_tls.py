"""The application is on the Internet without TLS.

The balancer of the cloud passes on what it gets: passwords and sessions travel in the clear.

Fix: `type: ClusterIP` behind an Ingress with a certificate.

Sources: Kubernetes, "Service: type LoadBalancer"; CWE-319.

```yaml bad k8s/web.yaml {17}
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
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  type: LoadBalancer
  selector: {app: web}
  ports: [{port: 80, targetPort: 8000}]
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
---
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations: {networking.gke.io/load-balancer-type: Internal}
spec:
  type: LoadBalancer
  selector: {app: web}
  ports: [{port: 80, targetPort: 8000}]
```
"""

from flask_preflight.artifacts.kubernetes import Manifest
from flask_preflight.rule import Message, Result, Results, rule

CLEAR = Message("{0} is on the Internet without TLS, so anybody on the way reads along")
MANAGED = ("internal", "ssl-cert", "tls", "certificate", "scheme", "backend-protocol")


@rule(
    "K8S108",
    "public-service-without-tls",
    "warning",
    "security",
    "CWE-319",
    "kube-linter:exposed-services",
)
def check(manifest: Manifest) -> Results:
    spec = manifest.spec
    if not manifest.is_core_service or spec.text("spec", "type") != "LoadBalancer":
        return
    told = " ".join(f"{key}={value}" for key, value in manifest.annotations.items()).lower()
    if any(word in told for word in MANAGED) or spec.items_of("spec", "loadBalancerSourceRanges"):
        return
    selected = manifest.set.selected(manifest) if manifest.set is not None else []
    kinds = {container.kind for workload in selected for container in workload.main}
    ports = [port.text("port") for port in spec.maps("spec", "ports")]
    if selected and kinds == {""} and ports and "443" not in ports:
        yield Result(manifest.at("spec", "type"), CLEAR(manifest.title))
