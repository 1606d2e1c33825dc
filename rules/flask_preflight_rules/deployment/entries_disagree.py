"""Two parts of one system are told different things.

The web server puts jobs where no worker looks, or signs tokens that the other refuses, or the
migration changes another database.

Fix: give both the same value, from one place.

Sources: The Twelve-Factor App, "Config".

```python bad app.py
from celery import Celery
from flask import Flask

app = Flask(__name__)
celery = Celery("app")
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
```

```yaml bad compose.yaml {10}
services:
  web:
    build: .
    environment:
      BROKER_URL: redis://cache:6379/0
  worker:
    build: .
    command: celery -A app worker
    environment:
      BROKER_URL: redis://cache:6379/1
  cache:
    image: redis:8
```

```python good app.py
from celery import Celery
from flask import Flask

app = Flask(__name__)
celery = Celery("app")
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
    environment:
      BROKER_URL: redis://cache:6379/0
      DATABASE_URL_RO: postgresql://one/shop
      PORT: "8000"
  worker:
    build: .
    command: celery -A app worker
    environment:
      BROKER_URL: redis://cache/0
      DATABASE_URL_RO: postgresql://two/shop
      PORT: "9000"
  cache:
    image: redis:8
```
"""

from flask_preflight.facts import Entry
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.deployment._backends import Backend, backends

DIFFER = Message("{0} of {1} is another {2} than that of {3}: what one sends, the other never sees")


@rule("DEP044", "entries-disagree", "error", "configuration", sees="relation")
def check(entry: Entry) -> Results:
    application = entry.application
    if application is None or entry.kind == "server":
        return
    servers = [
        one
        for one in application.entries
        if one.world is entry.world and one.kind == "server" and one is not entry
    ]
    if len(servers) != 1:
        return
    known = {one.variable.name: one for one in backends(servers[0])}
    for one in backends(entry):
        other = known.get(one.variable.name)
        if other is None or one.variable.name.endswith(("_RO", "REPLICA", "_READ")):
            continue
        if _place(one) != _place(other):
            said = DIFFER(one.variable.name, entry.title, one.scheme, servers[0].title)
            related = (other.variable.location.saying(f"that of {servers[0].title}"),)
            yield Result(one.variable.location, said, related)


def _place(backend: Backend) -> tuple[str, int, str]:
    path = (backend.variable.value or "").partition("://")[2].partition("/")[2].partition("?")[0]
    return backend.host, backend.port, path.rstrip("/")
