"""Everybody can speak uWSGI's own protocol to the server.

The protocol is made for a proxy on the same network: whoever reaches the port sets any variable of
the request, and through some of them runs code.

Fix: bind it to 127.0.0.1 or to a Unix socket; for clients use `http` or a proxy.

Sources: uWSGI, "Things to know"; uWSGI, "The uwsgi Protocol".

```dockerfile bad Dockerfile {3}
FROM python:3.13-slim
COPY . .
CMD ["uwsgi", "--socket", "0.0.0.0:3031", "-w", "app:app"]
```

```yaml bad compose.yaml
services:
  web:
    build: .
    ports: ["3031:3031"]
```

```dockerfile good Dockerfile
FROM python:3.13-slim
COPY . .
CMD ["uwsgi", "--socket", "0.0.0.0:3031", "-w", "app:app"]
```

```yaml good compose.yaml
services:
  web:
    build: .
  local:
    build: .
    ports: ["127.0.0.1:3031:3031"]
```

```ini bad deploy/shop.service {2}
[Service]
ExecStart=/srv/venv/bin/uwsgi --socket :3031 --master -w app:app
```

```procfile good
web: uwsgi --socket 127.0.0.1:3031 -w app:app
unix: uwsgi --socket /run/shop.sock -w app:app
http: uwsgi --http-socket :3031 -w app:app
```

```ini good deploy/shop.service
[Service]
ExecStart=/srv/venv/bin/uwsgi --socket :3031 --protocol http --master -w app:app
```
"""

from flask_preflight.artifacts.wsgi import Server
from flask_preflight.rule import Level, Message, Result, Results, rule

OPEN = Message("whoever reaches port {0} sets any variable of a request and may run code")


@rule("WSG506", "uwsgi-protocol-exposed", "warning", "security")
def check(server: Server) -> Results:
    entry = server.entry
    if entry is None or server.kind != "uwsgi" or entry.carrier == "platform":
        return
    for bind in server.binds:
        if bind.protocol != "uwsgi" or not bind.host or bind.loopback or bind.port is None:
            continue
        published = any(port.number == bind.port for port in entry.published)
        if entry.carrier == "host" or published:
            level: Level | None = "error" if published else None
            yield Result(bind.location, OPEN(bind.port), level=level)
