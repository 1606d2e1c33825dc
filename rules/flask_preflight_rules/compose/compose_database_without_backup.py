"""The data of a database is in one volume, and nothing copies it.

A lost disk, `docker volume rm` or a migration that goes wrong ends with no data at all.

Fix: add a service that writes dumps on a schedule to another machine or to object storage, and try
to restore one.

Intended: when whatever runs the machine copies the volume; say so where you ignore the rule.

Sources: PostgreSQL, "Backup and Restore"; Google, "Site Reliability Engineering: Data Integrity".

```yaml bad compose.yaml {6}
services:
  web:
    build: .
  db:
    image: postgres:17
    volumes: ["data:/var/lib/postgresql"]
  cache:
    image: redis:8
    volumes: ["cache:/data"]
volumes: {data: , cache: }
```

```python bad app.py
from flask import Flask
app = Flask(__name__)
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
COPY app.py .
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```yaml good compose.yaml
services:
  web:
    build: .
  db:
    image: postgres:17
    volumes: ["data:/var/lib/postgresql"]
  backup:
    image: postgres:17
    command: ["sh", "-c", "while sleep 86400; do pg_dump -h db shop > /copies/shop.sql; done"]
volumes: {data: }
```

```python good app.py
from flask import Flask
app = Flask(__name__)
```

```dockerfile good Dockerfile
FROM python:3.13-slim
COPY app.py .
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```yaml good compose.yaml
services:
  web:
    build: .
  db:
    image: mariadb:11
    volumes: ["data:/var/lib/mysql"]
    labels:
      ofelia.job-exec.dump.command: sh -c 'mariadb-dump shop > /copies/shop.sql'
volumes: {data: }
```

```python good app.py
from flask import Flask
app = Flask(__name__)
```

```dockerfile good Dockerfile
FROM python:3.13-slim
COPY app.py .
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```yaml good compose.yaml
services:
  web:
    build: .
  db:
    image: mongo:8
    volumes: ["data:/data/db"]
volumes: {data: }
```

```python good app.py
from flask import Flask
app = Flask(__name__)
```

```dockerfile good Dockerfile
FROM python:3.13-slim
COPY app.py .
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```bash good ops/nightly.sh
mongodump --uri "$MONGO_URI" --archive | aws s3 cp - "s3://copies/$(date +%F)"
```

```yaml good compose.yaml
services:
  web:
    build: .
  cache:
    image: redis:8
    volumes: ["cache:/data"]
  queue:
    image: rabbitmq:4
    volumes: ["queue:/var/lib/rabbitmq"]
volumes: {cache: , queue: }
```

```python good app.py
from flask import Flask
app = Flask(__name__)
```

```dockerfile good Dockerfile
FROM python:3.13-slim
COPY app.py .
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```
"""

from collections.abc import Iterator

from flask_preflight.artifacts.compose import Service
from flask_preflight.artifacts.products import PRODUCTS, SERVERS_OF_DATA
from flask_preflight.facts import Deployment, Mount
from flask_preflight.rule import Level, Location, Message, Result, Results, rule
from flask_preflight_rules.compose._services import covers

ONCE = Message("the data of {0} is in one place, and nothing in the repository copies it")
REBUILT = frozenset("rabbitmq elasticsearch opensearch".split())
"""What they hold passes through them, or is made from other data again."""


@rule("CMP062", "compose-database-without-backup", "warning", "recovery", sees="absent")
def check(deployment: Deployment) -> Results:
    if deployment.item("data-backup").state != "missing":
        return
    kept = sorted(_kept(deployment), key=lambda one: not one[0].project.explicit)
    for service, mount in kept[:1]:
        level: Level | None = None if service.project.explicit else "note"
        others = tuple(_said(*one) for one in kept[1:6])
        yield Result(mount.location, ONCE(service.name), others, level=level)


def _kept(deployment: Deployment) -> Iterator[tuple[Service, Mount]]:
    """The databases of production with a lasting mount for their data, each once."""
    for entry in deployment.entries:
        part = entry.part
        if entry.role != "production" or not isinstance(part, Service) or part.one_shot:
            continue
        if part.product in SERVERS_OF_DATA - REBUILT:
            folders = PRODUCTS[part.product].data
            for mount in part.mounts:
                lasts = mount.kind in ("bind", "named")
                if lasts and any(covers(mount.path, folder) for folder in folders):
                    yield part, mount
                    break


def _said(service: Service, mount: Mount) -> Location:
    return mount.location.saying(f"the data of {service.name}")
