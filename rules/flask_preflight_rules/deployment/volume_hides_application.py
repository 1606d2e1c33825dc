"""A volume lies over the folder with the application.

It is filled from the image once: every later image is built, tested and deployed, and the old code
runs on.

Fix: mount the volume on a folder for data only.

Sources: Docker, "Volumes: Populate a volume using a container".

```python bad app.py
from flask import Flask

app = Flask(__name__)
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
    volumes: ["code:/srv"]
volumes:
  code:
```

```python good app.py
from flask import Flask

app = Flask(__name__)
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
    volumes: ["data:/srv/data"]
volumes:
  data:
```
"""

from flask_preflight.facts import Entry
from flask_preflight.rule import Message, Result, Results, rule

OVER = Message("{0} lies over {1} with the application: new images of {2} never run")
KINDS = ("named", "pvc", "emptyDir", "memory", "tmpfs")


@rule("DEP082", "volume-hides-application", "error", "container", sees="relation")
def check(entry: Entry) -> Results:
    image, server = entry.image, entry.server
    target = server.target_module if server is not None else None
    if image is None or target is None or server is None:
        return
    folder = server.directory if server.directory[:1] == "/" else image.workdir
    for mount in entry.mounts:
        path = mount.path.rstrip("/")
        over = folder == path or folder.startswith(path + "/")
        if mount.kind in KINDS and path and over and image.maps(folder) is not None:
            said = OVER(mount.source or "a volume", mount.path, entry.title)
            yield Result(mount.location, said)
