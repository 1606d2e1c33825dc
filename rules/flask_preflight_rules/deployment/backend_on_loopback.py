"""The application looks for its database in its own container.

`localhost` is the container itself: nothing listens there, and every connection is refused.

Fix: write the name of the service, `db`.

Sources: Docker, "Networking in Compose".

```yaml bad compose.yaml {5}
services:
  web:
    build: .
    environment:
      DATABASE_URL: postgresql://shop:${PASSWORD}@localhost/shop
  db:
    image: postgres:17
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
    environment:
      DATABASE_URL: postgresql://shop:${PASSWORD}@db/shop
  near:
    build: .
    network_mode: host
    environment:
      DATABASE_URL: postgresql://shop:${PASSWORD}@localhost/shop
  db:
    image: postgres:17
```

```dockerfile good Dockerfile
FROM python:3.13-slim
COPY . .
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.facts import Entry
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.deployment._backends import backends

ITSELF = Message("inside {0}, {1} is the container itself, not a {2}")
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


@rule("DEP030", "backend-on-loopback", "error", "configuration", sees="relation")
def check(entry: Entry) -> Results:
    part = entry.part
    service = isinstance(part, Service) and not part.network_mode
    if not service and entry.carrier != "kubernetes" or entry.siblings or entry.server is None:
        return
    before = entry.started.before if entry.started is not None else ()
    if entry.carrier == "kubernetes" and part.workload.spec.get("hostNetwork") is True:
        return
    for one in backends(entry):
        if one.host in LOOPBACK and not before and not one.variable.default:
            where = one.variable.location
            yield Result(where, ITSELF(entry.title, one.host, one.scheme))
