"""The repository describes how to develop, and not how production runs.

Nobody can see, review or build again what serves the users; what differs from development is found
out in production.

Fix: add the Compose file, manifests or platform file of production.

Sources: The Twelve-Factor App, "Dev/prod parity".

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

```yaml bad compose.dev.yaml {1}
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
```
"""

from flask_preflight.facts import Deployment
from flask_preflight.rule import Message, Result, Results, rule

NOWHERE = Message("only a deployment for development is described here")


@rule("OPS302", "production-not-described", "note", "orchestration", sees="absent")
def check(deployment: Deployment) -> Results:
    if deployment.item("production-description").state == "missing":
        for world in deployment.worlds:
            if world.kind != "image" and world.role == "development":
                yield Result(world.location, NOWHERE())
                return
