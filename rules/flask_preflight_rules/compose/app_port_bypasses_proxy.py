"""The application's own port is open beside the proxy.

Clients reach the server directly, around TLS, limits and headers of the proxy, and tell it whatever
address they like.

Fix: delete `ports`, the proxy reaches it anyway; or publish on `127.0.0.1:` only.

Sources: Docker, "Compose file reference: ports and expose".

```yaml bad compose.yaml {4}
services:
  web:
    build: .
    ports: ["8000:8000"]
  proxy:
    image: nginx:1.29
    ports: ["80:80"]
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
COPY . .
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```yaml good compose.yaml
services:
  web:
    build: .
    ports: ["127.0.0.1:8000:8000"]
  api:
    build: .
    expose: ["8000"]
  proxy:
    image: nginx:1.29
    ports: ["80:80"]
```

```dockerfile good Dockerfile
FROM python:3.13-slim
COPY . .
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```yaml good compose.yaml
services:
  web:
    build: .
    ports: ["8000:8000"]
  admin:
    build: .
    ports: ["${ADMIN_PORT:-127.0.0.1:8001}:8000"]
```

```yaml good compose.dev.yaml
services:
  web:
    build: .
    ports: ["8000:8000"]
  proxy:
    image: nginx:1.29
    ports: ["80:80"]
```

```dockerfile good Dockerfile
FROM python:3.13-slim
COPY . .
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.rule import Message, Result, Results, rule

AROUND = Message("clients reach {0} at port {1}, around the proxy {2}")


@rule("CMP051", "app-port-bypasses-proxy", "warning", "security")
def check(service: Service) -> Results:
    entry = service.entry
    if entry is None or entry.server is None or service.kind:
        return
    proxies = [
        other
        for other in service.project.services.values()
        if other.kind == "proxy" and other.role == "production" and _is_open(other)
    ]
    served = {listen.port for listen in entry.listens}
    for port in service.ports:
        if proxies and port.number in served and service.is_public(port):
            yield Result(port.location, AROUND(service.name, port.number, proxies[0].name))


def _is_open(service: Service) -> bool:
    return any(port.number in (80, 443, 8080, 8443) for port in service.ports)
