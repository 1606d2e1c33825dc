"""The service runs the source in the folder, not the one in its image.

What was tested and built is not what runs: a `git pull`, or a file that somebody edits, changes
production at once.

Fix: keep the mount in `compose.override.yaml`, which only developers use.

Sources: The Twelve-Factor App, "Build, release, run".

```yaml bad compose.yaml {4}
services:
  web:
    build: .
    volumes: [".:/app"]
```

```python bad app.py
from flask import Flask

app = Flask(__name__)
```

```yaml good compose.yaml
services:
  web:
    build: .
    volumes: ["./uploads:/app/uploads", "./gunicorn.conf.py:/app/gunicorn.conf.py:ro", "data:/data"]
volumes:
  data:
```

```yaml good compose.override.yaml
services:
  web:
    volumes: [".:/app"]
```

```python good app.py
from flask import Flask

app = Flask(__name__)
```

```yaml bad compose.prod.yaml {6}
services:
  web:
    build:
      context: shop
    volumes:
      - ./shop:/app:ro
```

```python bad shop/app.py
from flask import Flask

app = Flask(__name__)
```

```yaml good compose.yaml
services:
  web:
    build: .
    volumes:
      - ${WEB_VOLUME:-./public:/app/public}
      - ./logs:/app/logs
      - .data/uploads:/app/uploads
  tests:
    build: .
    command: pytest
    volumes: [".:/app"]
    profiles: [test]
  proxy:
    image: nginx:1.29
    volumes: [".:/srv:ro"]
```

```python good app.py
from flask import Flask

app = Flask(__name__)
```
"""

from posixpath import join, normpath

from flask_preflight.artifacts.compose import Service
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.compose._services import is_application

TREE = Message("{0} runs the source in {1}, not the one that its image was built with")


@rule("CMP030", "source-code-bind-mount", "warning", "container")
def check(service: Service) -> Results:
    build = service.build
    if build is None or build.context is None or not is_application(service):
        return
    entry = service.entry
    made = entry.application if entry is not None else None
    for mount in service.mounts:
        if mount.kind != "bind" or mount.source[:1] != "." or "$" in mount.source:
            continue
        folder = normpath(join(service.project.directory or ".", mount.source))
        own = made is not None and made.path.startswith(f"{folder}/")
        if folder == (build.context or ".") or own:
            yield Result(mount.location, TREE(service.name, mount.source))
            return
