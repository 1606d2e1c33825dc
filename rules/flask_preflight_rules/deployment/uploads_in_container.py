"""Files that clients send are kept inside of the container.

The next deployment starts with an empty folder, and with several replicas each has files of its
own: a picture is there for every second request.

Fix: mount a volume there that all replicas share, or keep the files in an object store.

Sources: The Twelve-Factor App, "VI. Processes".

```python bad app.py {5}
from flask import Flask
from flask import request

app = Flask(__name__)
app.config["UPLOAD_FOLDER"] = "/srv/uploads"


@app.post("/files")
def save():
    request.files["file"].save("/srv/uploads/x")
    return ""
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
```

```python good app.py
from flask import Flask
from flask import request

app = Flask(__name__)
app.config["UPLOAD_FOLDER"] = "/srv/uploads"


@app.post("/files")
def save():
    request.files["file"].save("/srv/uploads/x")
    return ""
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
    volumes: ["uploads:/srv/uploads"]
volumes: {uploads: {}}
```
"""

from flask_preflight.facts import Entry
from flask_preflight.rule import Message, Result, Results, rule

LOST = Message("files sent to {0} are kept at {1}, inside the container: a deployment loses them")
KEYS = ("UPLOAD_FOLDER", "UPLOADS_DEFAULT_DEST", "UPLOAD_DIR", "UPLOAD_PATH", "FILE_UPLOAD_DIR")
TEMPORARY = ("/tmp", "/var/tmp", "/dev/shm")
STORES = ("boto3", "google-cloud-storage", "azure-storage-blob", "minio", "s3fs", "flask-s3")


@rule("DEP081", "uploads-in-container", "warning", "scaling", "~FLK517", sees="relation")
def check(entry: Entry) -> Results:
    application = entry.application
    if application is None or entry.carrier not in ("compose", "swarm", "kubernetes"):
        return
    if not application.uploads or application.requires(*STORES) or entry.read_only:
        return
    for key in KEYS:
        for given in application.production(key):
            path = given.value.text
            if (
                path.startswith("/")
                and not path.startswith(TEMPORARY)
                and not _is_kept(entry, path)
            ):
                related = (entry.location.saying("no volume is mounted there"),)
                yield Result(given.location, LOST(entry.title, path), related)
                return


def _is_kept(entry: Entry, path: str) -> bool:
    """Whether something is mounted there, or in between."""
    return any(
        path == mount.path
        or path.startswith(mount.path.rstrip("/") + "/")
        or mount.path.startswith(path.rstrip("/") + "/")
        for mount in entry.mounts
    )
