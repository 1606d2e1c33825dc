"""Clients talk to the application server directly.

Slow clients hold its workers, nothing ends TLS or spreads requests, and Gunicorn itself asks for a
proxy in front.

Fix: a proxy or a load balancer in front, and the server's port on `127.0.0.1:` only.

Intended: when a balancer outside of this repository is in front; say so where you ignore the rule.

Sources: Gunicorn, "Deploying Gunicorn: Nginx Configuration".

```python bad app.py
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:////data/shop.db"
db = SQLAlchemy(app)
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
```

```yaml bad compose.prod.yaml {4}
services:
  web:
    build: .
    ports: ["80:8000"]
```

```python good app.py
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:////data/shop.db"
db = SQLAlchemy(app)
```

```dockerfile good Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
```

```yaml good compose.prod.yaml
services:
  web:
    build: .
    ports: ["127.0.0.1:8000:8000"]
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.facts import Entry
from flask_preflight.rule import Message, Result, Results, rule

DIRECT = Message("clients talk to {0} directly: slow ones hold its workers")
BLOCKING = ("sync", "gthread")


@rule("OPS802", "server-faces-clients", "note", "scaling", "~CMP052", sees="relation")
def check(entry: Entry) -> Results:
    server, part = entry.server, entry.part
    if server is None or not isinstance(part, Service) or entry.fronts:
        return
    worker = server.worker_class
    blocking = server.kind == "gunicorn" and worker is not None and worker.value in BLOCKING
    proxied = any(one.kind == "proxy" for one in part.project.services.values())
    if not blocking or proxied or not part.project.explicit:
        return
    served = {listen.port for listen in entry.listens}
    for port in entry.published:
        if port.number in served:
            yield Result(port.location, DIRECT(entry.title))
            return
