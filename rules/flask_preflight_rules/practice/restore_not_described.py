"""Copies of the data are made, and nothing says how to get back from them.

A copy that nobody has ever restored is a hope: it is tried for the first time when everything is
down.

Fix: write down the commands, and try them on a schedule.

Sources: Google, "Site Reliability Engineering: Data Integrity".

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

```yaml bad compose.prod.yaml {5}
services:
  web:
    build: .
    volumes: ["data:/data"]
  copy:
    image: litestream/litestream:0.3
    volumes: ["data:/data"]
volumes:
  data:
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
    volumes: ["data:/data"]
  copy:
    image: litestream/litestream:0.3
    volumes: ["data:/data"]
volumes:
  data:
```

```markdown good docs/operations.md
# Restore

1. Stop the web service.
2. litestream restore -o /data/shop.db s3://shop/db
```
"""

from flask_preflight.facts import Deployment
from flask_preflight.rule import Message, Result, Results, rule

UNTRIED = Message("copies of the data are made, and nothing says how to restore them")


@rule("OPS902", "restore-not-described", "note", "recovery", sees="absent")
def check(deployment: Deployment) -> Results:
    if deployment.item("restore").state == "missing":
        for where in deployment.item("data-backup").proof[:1]:
            yield Result(where, UNTRIED())
