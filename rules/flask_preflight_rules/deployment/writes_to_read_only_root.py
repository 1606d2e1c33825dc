"""The application writes into a container that is read-only.

The write fails: the database cannot be opened, or the server does not start.

Fix: mount a volume where it writes.

Sources: Docker, "Compose file reference: read_only"; Kubernetes, "Security Context".

```python bad app.py
from flask import Flask

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:////srv/shop.db"
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
    read_only: true
    tmpfs: [/tmp]
```

```python good app.py
from flask import Flask

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:////data/shop.db"
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
    read_only: true
    tmpfs: [/tmp]
    volumes: ["data:/data"]
volumes:
  data:
```
"""

from flask_preflight.artifacts.kubernetes import Container
from flask_preflight.facts import Entry
from flask_preflight.rule import Message, Result, Results, rule

REFUSED = Message("{0} writes {1}, but its container is read-only there")


@rule("DEP100", "writes-to-read-only-root", "error", "orchestration", sees="relation")
def check(entry: Entry) -> Results:
    if not entry.read_only:
        return
    key = ("securityContext", "readOnlyRootFilesystem")
    where = entry.at(*key) if isinstance(entry.part, Container) else entry.at("read_only")
    writable = [mount.path.rstrip("/") + "/" for mount in entry.mounts if not mount.read_only]
    for file in entry.data_files:
        if not any(file.path.startswith(folder) for folder in writable):
            yield Result(where, REFUSED(entry.title, file.path), (file.location,))
