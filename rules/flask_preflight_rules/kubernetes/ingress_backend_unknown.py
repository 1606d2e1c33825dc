"""The Ingress sends requests to a port that the Service does not have.

Every request is answered with an error 503.

Fix: write the port of the Service, not that of the container.

Sources: Kubernetes, "Ingress: Backend".

```yaml bad k8s/web.yaml {11}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  tls: [{hosts: [shop.example], secretName: tls}]
  rules:
    - host: shop.example
      http:
        paths:
          - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{name: http, port: 8080, targetPort: 8000}]
---
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
```

```yaml good k8s/web.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  tls: [{hosts: [shop.example], secretName: tls}]
  rules:
    - host: shop.example
      http:
        paths:
          - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 8080}}}}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{name: http, port: 8080, targetPort: 8000}]
---
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
```
"""

from collections.abc import Iterator

from flask_preflight.artifacts.kubernetes import Manifest
from flask_preflight.artifacts.yaml import Map
from flask_preflight.rule import Message, Result, Results, rule

NONE = Message("{0} sends requests to port {1} of the Service {2}, which has {3}")


@rule(
    "K8S106",
    "ingress-backend-unknown",
    "error",
    "scaling",
    "kube-linter:dangling-ingress",
    "kube-score:ingress-targets-service",
    sees="relation",
)
def check(manifest: Manifest) -> Results:
    if manifest.kind != "Ingress" or manifest.set is None:
        return
    for backend in _backends(manifest):
        name = backend.text("service", "name")
        service = manifest.set.find("Service", name)
        port = backend.map("service", "port")
        wanted = port.text("number") or port.text("name")
        if service is None or not wanted or wanted == "use-annotation":
            continue
        ports = service.spec.maps("spec", "ports")
        known = [(one.text("port"), one.text("name")) for one in ports]
        if known and all(wanted not in pair for pair in known):
            has = ", ".join(number for number, _ in known)
            related = (service.at("spec", "ports").saying("the ports of the Service"),)
            where = backend.at("service", "port")
            yield Result(where, NONE(manifest.title, wanted, name, has), related)


def _backends(manifest: Manifest) -> Iterator[Map]:
    yield manifest.spec.map("spec", "defaultBackend")
    for one in manifest.spec.maps("spec", "rules"):
        for path in one.maps("http", "paths"):
            yield path.map("backend")
