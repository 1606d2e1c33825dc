"""A published port leads to one on which nothing in the container listens.

Docker accepts the connection and closes it: clients and proxies get an empty answer or a 502.

Fix: publish the port that the server is bound to, `"8000:8000"`.

Sources: Compose, "Services: ports".

```python bad app.py
from flask import Flask

app = Flask(__name__)
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
```

```yaml bad compose.yaml {4}
services:
  web:
    build: .
    ports: ["127.0.0.1:8080:5000"]
```

```python good app.py
from flask import Flask

app = Flask(__name__)
```

```dockerfile good Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
```

```yaml good compose.yaml
services:
  web:
    build: .
    ports: ["80:8000", "443:8000"]
  default:
    build: .
    command: gunicorn --bind 0.0.0.0:${PORT:-8001} app:app
    ports: ["127.0.0.1:8001:${PORT:-8001}"]
  shared:
    build: .
    network_mode: service:web
  several:
    build: .
    command: sh -c "exporter & gunicorn -b 0.0.0.0:8000 app:app"
    ports: ["9100:9100", "8000:8000"]
  database:
    image: postgres:17
    ports: ["127.0.0.1:5433:5432"]
```

```yaml good compose.dev.yaml
services:
  web:
    build: .
    ports: ["5678:5678"]
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.facts import Entry
from flask_preflight.rule import Message, Result, Results, rule

NOBODY = Message("port {0} of {1} is published, but its server listens on {2}")
DEBUGGERS = frozenset((1234, 3000, 3001, 5678, 9229))


@rule(
    "DEP021",
    "published-port-not-served",
    "error",
    "orchestration",
    sees="relation",
    development=True,
)
def check(entry: Entry) -> Results:
    if not isinstance(entry.part, Service) or entry.server is None:
        return
    for port in entry.part.ports:
        if entry.serves(port.number) is not False:
            continue
        if entry.role == "development" and port.number in DEBUGGERS:
            continue
        ports = ", ".join(sorted({str(listen.port) for listen in entry.listens})) or "no port"
        related = tuple(x.location.saying(f"listens on {x.port}") for x in entry.listens)
        yield Result(port.location, NOBODY(port.number, entry.title, ports), related)
