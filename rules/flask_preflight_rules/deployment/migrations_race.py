"""Every replica runs the migrations when it starts.

They do it at the same time: one of them fails, or two change the same table at once.

Fix: run `flask db upgrade` once for each release, in a job of its own, before the new version.

Sources: Flask-Migrate, "Command Reference"; Alembic, "Tutorial".

```python bad app.py
from flask import Flask

app = Flask(__name__)
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD sh -c "flask db upgrade && exec gunicorn -b 0.0.0.0:8000 app:app"
```

```yaml bad compose.yaml {5}
services:
  web:
    build: .
    deploy:
      replicas: 3
```

```python bad app.py
from flask import Flask
from flask_migrate import Migrate

app = Flask(__name__)
Migrate(app, db)
```

```text bad requirements.txt
flask==3.1.2
flask-migrate==4.1.0
psycopg2-binary==2.9.11
```

```python bad migrations/env.py
from alembic import context
```

```python bad migrations/versions/a.py
from alembic import op
import sqlalchemy as sa

revision = "a1"
down_revision = None


def upgrade():
    op.add_column("users", sa.Column("age", sa.Integer))
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD sh -c "flask db upgrade && exec gunicorn -b 0.0.0.0:8000 app:app"
```

```yaml bad compose.yaml {5}
services:
  web:
    build: .
    deploy:
      replicas: 3
```

```python good app.py
from flask import Flask

app = Flask(__name__)
```

```dockerfile good Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD sh -c "flask db upgrade && exec gunicorn -b 0.0.0.0:8000 app:app"
```

```yaml good compose.yaml
services:
  web:
    build: .
```
"""

from flask_preflight.facts import Entry
from flask_preflight.lazy import expression
from flask_preflight.rule import Message, Result, Results, rule, several

TOGETHER = Message("{0} replicas of {1} run the migrations at the same time")
LOCKING = Message(
    "{0} replicas of {1} run the migrations at the same time, and the newest one locks {2}",
    "locking",
)
MIGRATES = expression(
    r"\bflask\b.*\bdb upgrade\b|\balembic\b.*\bupgrade\b|\bmanage\.py db upgrade\b"
)


@rule("DEP092", "migrations-race", "warning", "scaling", "~K8S084", sees="relation")
def check(entry: Entry) -> Results:
    started = entry.started
    if started is None or not entry.replicas.multi or entry.server is None:
        return
    for ran in started.before:
        text = " ".join(ran.argv)
        if MIGRATES.search(text) and "lock" not in text:
            where = entry.replicas.location or entry.at()
            said = TOGETHER(entry.replicas.low, entry.title)
            if entry.locks:
                said = LOCKING(entry.replicas.low, entry.title, several(entry.locks))
            yield Result(where, said)
            return
