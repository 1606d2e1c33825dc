"""The application is measured, and nobody is told.

The charts show afterwards when it began; the users had noticed before.

Fix: rules for alerts, and somebody who gets them: Alertmanager, Grafana alerting, or the monitoring
of the cloud.

Sources: Google, "Site Reliability Engineering: Monitoring Distributed Systems".

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
  prometheus:
    image: prom/prometheus:v3.5.0
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
  prometheus:
    image: prom/prometheus:v3.5.0
  alertmanager:
    image: prom/alertmanager:v0.28.1
```
"""

from flask_preflight.facts import Deployment
from flask_preflight.rule import Message, Result, Results, rule

UNTOLD = Message("it is measured here, and nobody is told when it fails")


@rule("OPS603", "no-alerts", "note", "observability", sees="absent")
def check(deployment: Deployment) -> Results:
    judged = deployment.item("alerting")
    if judged.state == "missing" and judged.proof:
        yield Result(judged.proof[0], UNTOLD())
