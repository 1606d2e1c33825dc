"""The Ingress sends requests to a Service or a port that does not exist.

Every request is answered with an error 503.

Fix: write the name of the Service and its port, not that of the container.

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

```yaml bad k8s/web.yaml {6,9}
apiVersion: extensions/v1beta1
kind: Ingress
metadata:
  name: web
spec:
  backend: {serviceName: shop, servicePort: 80}
  rules:
    - host: shop.example
      http: {paths: [{path: /, backend: {serviceName: web, servicePort: 8000}}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{name: http, port: 80, targetPort: 8000}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "example/web:1.0"}]}
```

```yaml good k8s/ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  defaultBackend: {service: {name: made-elsewhere, port: {number: 80}}}
```
"""

from flask_preflight.artifacts.kubernetes import Manifest, ManifestSet, backends_of
from flask_preflight.rule import Message, Result, Results, rule

PORT = Message("{0} sends requests to port {1} of the Service {2}, which has {3}", "port")
NONE = Message("{0} sends requests to the Service {1}, which does not exist", "service")


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
    for backend in backends_of(manifest, manifest.set):
        service = manifest.set.find("Service", backend.service)
        if service is None:
            if _must_exist(backend.service, manifest.set):
                yield Result(backend.location, NONE(manifest.title, backend.service))
            continue
        ports = service.spec.maps("spec", "ports")
        known = [(one.text("port"), one.text("name")) for one in ports]
        wanted = str(backend.port)
        if known and backend.port is not None and all(wanted not in pair for pair in known):
            has = ", ".join(number for number, _ in known)
            related = (service.at("spec", "ports").saying("the ports of the Service"),)
            said = PORT(manifest.title, wanted, backend.service, has)
            yield Result(backend.port_location, said, related)


def _must_exist(name: str, manifests: ManifestSet) -> bool:
    """Whether a Service of this name would be in sight if there were one."""
    if not manifests.closed or manifests.creates_pods or any(sign in name for sign in "${<"):
        return False
    return all(one.find("Service", name) is None for one in manifests.all_sets)
