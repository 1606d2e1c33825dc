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
from flask_preflight.rule import Message, Result, Results, rule

TOGETHER = Message("{0} replicas of {1} run the migrations at the same time")
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
            yield Result(where, TOGETHER(entry.replicas.low, entry.title))
            return
