"""A gateway offers the application in clear text only.

Passwords and sessions can be read, and changed, by everybody on the way.

Fix: a listener with `protocol: HTTPS` and a certificate, and a route that redirects to it.

Sources: Kubernetes Gateway API, "TLS Configuration"; CWE-319.

```yaml bad k8s/gateway.yaml {6,15}
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: shop}
spec:
  gatewayClassName: nginx
  listeners:
    - {name: http, protocol: HTTP, port: 80}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: bare}
spec:
  gatewayClassName: nginx
  listeners:
    - {name: https, protocol: HTTPS, port: 443}
```

```yaml good k8s/gateway.yaml
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: shop}
spec:
  gatewayClassName: nginx
  listeners:
    - {name: http, protocol: HTTP, port: 80}
    - name: https
      protocol: HTTPS
      port: 443
      tls: {certificateRefs: [{name: shop-tls}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: inside, annotations: {networking.gke.io/internal: "true"}}
spec:
  gatewayClassName: gke-l7-rilb
  listeners:
    - {name: http, protocol: HTTP, port: 80}
```
"""

from flask_preflight.artifacts.kubernetes import Manifest
from flask_preflight.lazy import expression
from flask_preflight.rule import Message, Result, Results, rule

CLEAR = Message("gateway {0} does not listen for HTTPS: sessions can be read on the way", "clear")
BARE = Message("listener {0} has no certificate, so nobody can connect to it", "bare")
_INSIDE = expression(r"(?i)internal|rilb|private|mesh")


@rule("K8S105", "gateway-without-https", "warning", "security", "CWE-319", sees="absent")
def check(gateway: Manifest) -> Results:
    if gateway.kind != "Gateway" or gateway.group != "gateway.networking.k8s.io":
        return
    said = " ".join((gateway.spec.text("spec", "gatewayClassName"), *map(str, gateway.annotations)))
    listeners = list(gateway.spec.maps("spec", "listeners"))
    protocols = {one.text("protocol") for one in listeners}
    if protocols and protocols <= {"HTTP", "TCP"} and not _INSIDE.search(f"{said} {gateway.name}"):
        yield Result(gateway.at("spec", "listeners"), CLEAR(gateway.name))
    for index, one in enumerate(listeners):
        tls = one.map("tls")
        if one.text("protocol") == "HTTPS" and not ("certificateRefs" in tls or "options" in tls):
            where = gateway.at("spec", "listeners", index)
            yield Result(where, BARE(one.text("name")))
