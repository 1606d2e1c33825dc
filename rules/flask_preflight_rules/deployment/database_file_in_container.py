"""A SQLite database lies in the container's own file system.

Each deployment, and each restart on another machine, starts with the database of the image: empty.

Fix: put the file on a volume, or better, use a database server when there is more than one replica.

Sources: Docker, "Persist the DB"; The Twelve-Factor App, "Processes".

```python bad app.py {5}
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:////srv/shop.db"
db = SQLAlchemy(app)
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
```

```yaml bad compose.yaml
services:
  web:
    build: .
    ports: ["8000:8000"]
```

```python good app.py
import os

from flask import Flask
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ.get("DATABASE_URL", "sqlite:////srv/shop.db")
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
    environment: {DATABASE_URL: "postgresql://db/shop"}
  mounted:
    build: .
    volumes: ["data:/srv"]
  file:
    build: .
    volumes: ["./shop.db:/srv/shop.db"]
  unknown:
    build: .
    env_file: of-this-machine.env
volumes:
  data:
```
"""

from flask_preflight.facts import Entry
from flask_preflight.rule import Message, Result, Results, rule

LOST = Message("{0} keeps its database at {1}, inside the container: the next deployment loses it")


@rule("DEP080", "database-file-in-container", "error", "recovery", "~FLK501", sees="relation")
def check(entry: Entry) -> Results:
    if entry.carrier not in ("compose", "swarm", "kubernetes") or entry.read_only:
        return
    for file in entry.data_files:
        if file.mount is None:
            related = (entry.location.saying("no volume is mounted there"), *entry.evidence[:4])
            yield Result(file.location, LOST(entry.title, file.path), related)
