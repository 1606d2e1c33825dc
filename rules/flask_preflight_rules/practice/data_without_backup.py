"""Data of the application is kept in one place and nothing copies it.

When the disk or the volume is lost, or a migration goes wrong, the data is gone.

Fix: copy it on a schedule to another place (for a SQLite file: Litestream, or `sqlite3 .backup` in
a job), and try to restore it.

Intended: when whatever runs the machines already copies the volume; say so in the configuration.

Sources: Google, "Site Reliability Engineering: Data Integrity"; SQLite, "Backup API".

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

```yaml bad compose.yaml {4}
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

```yaml good compose.yaml
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
"""

from flask_preflight.facts import Deployment
from flask_preflight.rule import Message, Result, Results, rule

ONCE = Message("{0} is kept in one place and never copied")


@rule("OPS901", "data-without-backup", "warning", "recovery", sees="absent")
def check(deployment: Deployment) -> Results:
    if deployment.item("data-backup").state != "missing":
        return
    for entry in deployment.entries:
        for file in entry.data_files if entry.role == "production" else ():
            if file.mount is not None:
                related = (file.location.saying("the database"),)
                yield Result(file.mount.location, ONCE(file.path), related)
