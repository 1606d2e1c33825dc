"""Clients are served without TLS.

Passwords and sessions travel in the clear: anybody on the way reads them.

Fix: put a proxy with a certificate in front, and publish port 443.

Intended: when a balancer in front of this machine ends TLS; say so where you ignore the rule.

Sources: Let's Encrypt, "Getting Started"; CWE-319.

```yaml bad compose.prod.yaml {4}
services:
  web:
    image: example/web:1.0
    ports: ["80:8000"]
```

```yaml good compose.prod.yaml
services:
  web:
    image: example/web:1.0
    ports: ["127.0.0.1:8000:8000"]
```

```yaml good docker-stack.yml
services:
  web:
    image: example/web:1.0
    ports: ["80:8000"]
  proxy:
    image: caddy:2
    ports: ["443:443"]
```

```yaml good compose.prod.yaml
services:
  web:
    image: example/web:1.0
    ports: ["8000:8000"]
  proxy:
    image: nginx:1.29
    ports: ["80:80"]
    volumes: ["./nginx.conf:/etc/nginx/conf.d/default.conf:ro"]
```

```nginx good nginx.conf
server {
    listen 80;
    location / { proxy_pass http://web:8000; }
}
```
"""

from flask_preflight.artifacts.compose import Project, Service
from flask_preflight.lazy import expression
from flask_preflight.rule import Message, Result, Results, rule

CLEAR = Message("clients reach {0} without TLS, so anybody on the way reads along")
ENTRIES = (80, 8000, 8080, 5000, 8888)
TLS = expression(r"certresolver|acme|certbot|letsencrypt|cloudflared|tailscale|traefik|caddy")


@rule("CMP052", "no-tls-entry-point", "note", "security", "CWE-319", sees="absent")
def check(project: Project) -> Results:
    services = [one for one in project.services.values() if one.role == "production"]
    if not project.explicit and not any(one.kind == "proxy" for one in services):
        return
    if any(_is_judged(one) for one in services):
        return
    ports = [(one, port) for one in services for port in one.ports if one.is_public(port)]
    outside = [port.published.rpartition(":")[2] or str(port.number) for _, port in ports]
    if "443" in outside or any(TLS.search(_told(one)) for one in services):
        return
    for service, port in ports:
        if port.published.rpartition(":")[2] in map(str, ENTRIES):
            yield Result(port.location, CLEAR(service.name))
            return


def _is_judged(service: Service) -> bool:
    """Whether the configuration of a proxy decides it, and says so itself."""
    entry = service.entry
    return entry is not None and (bool(entry.proxies) or entry.edge == "https")


def _told(service: Service) -> str:
    """What may say that something ends TLS."""
    labels = [*service.spec.items_of("labels"), *service.spec.map("labels")]
    return " ".join((service.image, service.name, *map(str, labels)))
