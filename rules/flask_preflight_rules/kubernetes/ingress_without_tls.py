"""An Ingress offers the application without TLS.

Session cookies and passwords cross the network in clear text, and anybody on the way can take over
a session.

Fix: add `spec.tls` with every host and a certificate, for example from cert-manager.

Intended: when a load balancer in front ends TLS; say so where you ignore the rule.

Sources: Kubernetes, "Ingress: TLS"; CWE-319.

```yaml bad {5}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  rules: [{host: shop.example.org}]
```

```yaml bad {7}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:
  tls: [{hosts: ["*.example.org"], secretName: web}]
  rules:
    - host: deep.shop.example.org
    - host: shop.example.org
```

```yaml bad {7,16}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  annotations:
    alb.ingress.kubernetes.io/scheme: internal
spec:
  tls: []
  rules: [{host: shop.example.org}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: gateway
  annotations: {kubernetes.io/ingress.class: gce}
spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}
```

```yaml good
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec: {tls: [{secretName: web}], rules: [{host: shop.example.org}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: managed
  annotations: {networking.gke.io/managed-certificates: shop}
spec: {rules: [{host: shop.example.org}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: tunnel}
spec: {ingressClassName: tailscale, rules: [{host: shop}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: traefik
  annotations: {traefik.ingress.kubernetes.io/router.entrypoints: websecure}
spec: {rules: [{host: shop.example.org}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: balancer
  annotations: {alb.ingress.kubernetes.io/listen-ports: '[{"HTTP": 80}, {"HTTPS": 443}]'}
spec: {rules: [{host: shop.example.org}]}
```

```yaml good k8s/minikube/ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec: {rules: [{host: shop.example.org}]}
```

```yaml good k8s/cluster/service.yaml
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
```
"""

from flask_preflight.artifacts.kubernetes import Manifest
from flask_preflight.artifacts.kubernetes_routes import has_tls
from flask_preflight.rule import Level, Message, Result, Results, rule

CLEAR = Message("ingress {0} offers the application in clear text", "none")
HOST = Message("no certificate of ingress {0} is for {1}", "host")
CLASS = "kubernetes.io/ingress.class"
INSIDE = (".local", ".internal", ".localhost", ".test", ".lan")


@rule(
    "K8S103",
    "ingress-without-tls",
    "warning",
    "security",
    "CWE-319",
    "polaris:tlsSettingsMissing",
    sees="absent",
)
def check(manifest: Manifest) -> Results:
    entries = list(manifest.spec.maps("spec", "tls"))
    if manifest.kind != "Ingress" or not entries and has_tls(manifest):
        return
    inside = _is_inside(manifest)
    if not entries:
        level: Level | None = "note" if inside else None
        yield Result(manifest.at("spec"), CLEAR(manifest.name), level=level)
        return
    names = frozenset(str(host) for entry in entries for host in entry.items_of("hosts"))
    if all(entry.items_of("hosts") for entry in entries) and not inside:
        for rule in manifest.spec.maps("spec", "rules"):
            host = rule.text("host")
            wild = "*." + host.partition(".")[2]
            if host and host not in names and wild not in names:
                yield Result(rule.at("host"), HOST(manifest.name, host))


def _is_inside(manifest: Manifest) -> bool:
    """Whether only clients of the company's own network come this way."""
    hosts = [rule.text("host") for rule in manifest.spec.maps("spec", "rules")]
    if hosts and all(host.endswith(INSIDE) for host in hosts):
        return True
    classes = manifest.spec.text("spec", "ingressClassName"), manifest.annotations.text(CLASS)
    if any("internal" in name for name in classes):
        return True
    return any(
        name.endswith(("/scheme", "load-balancer-type", "/internal"))
        and str(value).lower() in ("internal", "true")
        for name, value in manifest.annotations.items()
    )
