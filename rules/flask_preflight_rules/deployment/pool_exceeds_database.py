"""All workers of all replicas together open more connections than the database takes.

Under load the database refuses: "too many clients already", and requests fail at random.

Fix: fewer workers or a smaller pool, a higher `max_connections`, or PgBouncer between.

Sources: PostgreSQL, "Connections and Authentication: max_connections"; SQLAlchemy, "Connection
Pooling".

```python bad app.py
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
db = SQLAlchemy(app)
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--workers", "8", "--threads", "4", "app:app"]
```

```yaml bad compose.yaml {4}
services:
  web:
    build: .
    deploy: {replicas: 4}
  db:
    image: postgres:17
```

```text bad requirements.txt
flask-sqlalchemy==3.1.1
```

```python good app.py
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
db = SQLAlchemy(app)
```

```dockerfile good Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--workers", "8", "--threads", "4", "app:app"]
```

```yaml good compose.yaml
services:
  web:
    build: .
    deploy: {replicas: 2}
  db:
    image: postgres:17
```

```text good requirements.txt
flask-sqlalchemy==3.1.1
```
"""

from flask_preflight.facts import Entry
from flask_preflight.rule import Message, Result, Results, rule

TOO_MANY = Message("up to {0} connections ({1}), and {2} takes {3}: the rest is refused under load")
DEFAULTS = {"postgres": 100, "postgis": 100, "mysql": 151, "mariadb": 151}
POOL = 15
"""SQLAlchemy keeps five connections of a process and opens up to ten more."""
GREEN = ("gevent", "eventlet")


@rule("DEP084", "pool-exceeds-database", "warning", "scaling", sees="relation")
def check(entry: Entry) -> Results:
    application, server = entry.application, entry.server
    workers, threads, replicas = entry.workers.low, entry.threads.low, entry.replicas.low
    if application is None or server is None or not workers or not threads or not replicas:
        return
    if not application.requires("sqlalchemy", "flask-sqlalchemy") or server.kind != "gunicorn":
        return
    store = _database(entry)
    if store is None or application.production("SQLALCHEMY_ENGINE_OPTIONS") or _is_green(entry):
        return
    # A thread uses one connection at a time, so the pool alone says little.
    total = replicas * workers * min(threads, POOL)
    most = next(number for name, number in DEFAULTS.items() if name in store.image_reference)
    if total > most:
        counted = f"{replicas} replicas with {workers} workers of {threads} threads"
        where = entry.replicas.location or entry.location
        related = (store.location.saying("the database"),)
        yield Result(where, TOO_MANY(total, counted, store.title, most), related)


def _is_green(entry: Entry) -> bool:
    assert entry.server is not None
    chosen = entry.server.settings.get("worker_class")
    return chosen is not None and (not chosen.known or str(chosen.value) in GREEN)


def _database(entry: Entry) -> Entry | None:
    """The only database of its world, if it has the limit that its product comes with."""
    others = [one for one in entry.world.entries if one.kind == "datastore"]
    pooled = any("bouncer" in one.title or "pool" in one.title for one in entry.world.entries)
    found = [one for one in others if any(name in one.image_reference for name in DEFAULTS)]
    if len(found) != 1 or pooled:
        return None
    told = any("max_connections" in word for word in found[0].argv or ())
    mounted = any(mount.path.endswith((".conf", ".cnf", "conf.d")) for mount in found[0].mounts)
    return None if told or mounted else found[0]
