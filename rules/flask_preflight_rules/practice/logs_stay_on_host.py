"""The logs stay on the machine that may fail.

After the worst incidents they are gone, or cannot be reached, when they are needed most.

Fix: send them elsewhere: a logging driver (`gelf`, `loki`, `awslogs`), or a collector beside the
application.

Sources: The Twelve-Factor App, "Logs"; Docker, "Configure logging drivers".

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

```yaml bad compose.prod.yaml {1}
services:
  web:
    build: .
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
    logging:
      driver: gelf
```
"""

from flask_preflight.facts import Deployment
from flask_preflight.rule import Message, Result, Results, rule

STAY = Message("the logs of {0} stay on the machine that may fail")


@rule("OPS601", "logs-stay-on-host", "note", "observability", sees="absent")
def check(deployment: Deployment) -> Results:
    if deployment.item("log-aggregation").state == "missing":
        for world in deployment.worlds:
            starts = any(entry.application for entry in world.entries)
            if starts and world.kind in ("compose", "host") and world.role == "production":
                yield Result(world.location, STAY(world.name or world.location.path))
                return
