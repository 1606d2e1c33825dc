"""No plan says how the application comes back after losing its data.

When it happens, everybody looks for commands, passwords and the newest copy at the same time.

Fix: a page, `docs/recovery.md`: where the copies are, how to restore them, who decides, how long it
takes.

Sources: Google, "Site Reliability Engineering: Managing Incidents".

```python bad app.py {4}
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

```yaml bad compose.prod.yaml
services:
  web:
    build: .
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
```
"""

from flask_preflight.facts import Deployment
from flask_preflight.rule import Message, Result, Results, rule

NONE = Message("no plan says how {0} comes back after losing its data")


@rule("OPS903", "no-recovery-plan", "note", "recovery", sees="absent")
def check(deployment: Deployment) -> Results:
    if deployment.item("recovery-plan").state == "missing":
        for application in deployment.applications:
            if application.role == "production" and not application.idle:
                yield Result(application.at(), NONE(application.title))
                return
