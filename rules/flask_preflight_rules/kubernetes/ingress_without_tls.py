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
```
"""

from flask_preflight.artifacts.kubernetes import Manifest
from flask_preflight.rule import Level, Message, Result, Results, rule

CLEAR = Message("ingress {0} offers the application in clear text", "none")
HOST = Message("no certificate of ingress {0} is for {1}", "host")
ELSEWHERE = (
    "networking.gke.io/managed-certificates",
    "networking.gke.io/certmap",
    "ingress.gcp.kubernetes.io/pre-shared-cert",
    "alb.ingress.kubernetes.io/certificate-arn",
    "appgw.ingress.kubernetes.io/appgw-ssl-certificate",
    "traefik.ingress.kubernetes.io/router.tls",
)
TUNNELS = frozenset(("tailscale", "cloudflare-tunnel", "ngrok"))
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
    if manifest.kind != "Ingress" or _ends_elsewhere(manifest):
        return
    hosts = [rule.text("host") for rule in manifest.spec.maps("spec", "rules")]
    inside = bool(hosts) and all(host.endswith(INSIDE) for host in hosts)
    entries = list(manifest.spec.maps("spec", "tls"))
    if not entries:
        level: Level | None = "note" if inside else None
        yield Result(manifest.at("spec"), CLEAR(manifest.name), level=level)
        return
    names = [str(host) for entry in entries for host in entry.items_of("hosts")]
    if all(entry.items_of("hosts") for entry in entries) and not inside:
        for rule in manifest.spec.maps("spec", "rules"):
            host = rule.text("host")
            if host and not any(_covers(name, host) for name in names):
                yield Result(rule.at("host"), HOST(manifest.name, host))


def _ends_elsewhere(manifest: Manifest) -> bool:
    annotations = manifest.annotations
    entry_points = annotations.text("traefik.ingress.kubernetes.io/router.entrypoints")
    ports = annotations.text("alb.ingress.kubernetes.io/listen-ports")
    if any(name in annotations for name in ELSEWHERE) or "websecure" in entry_points:
        return True
    return "HTTPS" in ports or manifest.spec.text("spec", "ingressClassName") in TUNNELS


def _covers(name: str, host: str) -> bool:
    if name.startswith("*."):
        return host.partition(".")[2] == name[2:]
    return name == host
