"""Clients that come without TLS are served without TLS.

A link or a typed address without `https://` sends passwords and sessions in the clear.

Fix: delete the annotation; ingress-nginx sends them on by itself.

Sources: ingress-nginx, "TLS/HTTPS: Server-side HTTPS enforcement through redirect"; CWE-319.

```yaml bad k8s/web.yaml {5}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  annotations: {nginx.ingress.kubernetes.io/ssl-redirect: "false"}
spec:
  tls: [{hosts: [shop.example], secretName: tls}]
  rules:
    - host: shop.example
      http:
        paths:
          - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
```

```yaml fixed k8s/web.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  annotations: {nginx.ingress.kubernetes.io/ssl-redirect: "true"}
spec:
  tls: [{hosts: [shop.example], secretName: tls}]
  rules:
    - host: shop.example
      http:
        paths:
          - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
```

```yaml good k8s/web.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  annotations: {nginx.ingress.kubernetes.io/ssl-redirect: "true"}
spec:
  tls: [{hosts: [shop.example], secretName: tls}]
  rules:
    - host: shop.example
      http:
        paths:
          - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
```
"""

from flask_preflight.artifacts.kubernetes import Manifest
from flask_preflight.rule import Message, Result, Results, rule

CLEAR = Message("{0} serves clients without TLS instead of sending them on to HTTPS")
SWITCHES = (
    "nginx.ingress.kubernetes.io/ssl-redirect",
    "nginx.ingress.kubernetes.io/force-ssl-redirect",
)


@rule("K8S104", "https-redirect-disabled", "warning", "security", "CWE-319")
def check(manifest: Manifest) -> Results:
    if manifest.kind != "Ingress" or not manifest.spec.items_of("spec", "tls"):
        return
    for name in SWITCHES:
        if manifest.annotations.text(name).lower() == "false":
            where = manifest.at("metadata", "annotations", name)
            fix = manifest.annotations.instead('"true"', name)
            yield Result(where, CLEAR(manifest.title), fix=fix)
