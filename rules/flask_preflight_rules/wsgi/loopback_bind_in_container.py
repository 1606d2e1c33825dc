"""A server in a container listens on the container's own loopback interface only.

Loopback belongs to the container: neither the published port, nor another container, nor the
health check of an orchestrator reaches it, and every connection is refused. Gunicorn and Flask
listen there unless they are told otherwise.

Fix: listen on all interfaces, `--bind 0.0.0.0:8000`.

Sources: Gunicorn, "Settings: bind"; Docker, "Packet filtering and networking".

```dockerfile bad {3}
FROM python:3.13-slim
COPY . .
CMD ["gunicorn", "shop:app"]
```

```dockerfile bad {3}
FROM python:3.13-slim
COPY . .
CMD ["gunicorn", "--bind", "127.0.0.1:8000", "shop:app"]
```

```procfile bad {1}
web: gunicorn -b localhost:8000 shop:app
```

```procfile good
web: gunicorn shop:app
all: gunicorn -b 0.0.0.0:$PORT shop:app
both: gunicorn -b 127.0.0.1:9000 -b :8000 shop:app
nginx: nginx; gunicorn -b 127.0.0.1:8000 shop:app
socket: gunicorn -b unix:/tmp/shop.sock shop:app
open: gunicorn $OPTIONS shop:app
```

```ini good deploy/shop.service
[Service]
ExecStart=/srv/venv/bin/gunicorn -b 127.0.0.1:8000 shop:app
```
"""

from flask_preflight.artifacts.wsgi import Server
from flask_preflight.rule import Message, Result, Results, rule

ALONE = Message("{0} listens on {1} only, so nothing outside of its container reaches it")


@rule("WSG301", "loopback-bind-in-container", "error", "wsgi")
def check(server: Server) -> Results:
    entry = server.entry
    if entry is None or not server.in_container or server.neighbours:
        return
    if not server.binds or not all(bind.loopback for bind in server.binds):
        return
    bind = server.binds[0]
    if entry.carrier == "platform" and server.settings.get("bind") is None:
        # The platform sets PORT, which moves Gunicorn to all interfaces.
        return
    others = entry.image.runs if entry.image is not None and entry.carrier == "image" else []
    replaced = any(other is not entry and other.carrier != "image" for other in others)
    address = f"{bind.host}:{bind.port}" if bind.port else str(bind.host)
    said = ALONE(server.title, address)
    yield Result(bind.location, said, level="warning" if replaced else None)
