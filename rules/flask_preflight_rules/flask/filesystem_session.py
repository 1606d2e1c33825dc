"""Sessions are kept in files of one container.

Another replica does not know them, so users are signed out at random; and all of them are gone with
the container, at every deployment.

Fix: keep sessions in Redis or the database, `SESSION_TYPE = "redis"`.

Sources: Flask-Session, "Configuration: SESSION_TYPE"; The Twelve-Factor App, "Processes".

```python bad app.py {5}
from flask import Flask
from flask_session import Session

app = Flask(__name__)
app.config["SESSION_TYPE"] = "filesystem"
Session(app)
```

```yaml bad compose.yaml
services:
  web:
    build: .
    deploy:
      replicas: 3
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
COPY . .
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```python good app.py
import redis
from flask import Flask
from flask_session import Session

app = Flask(__name__)
app.config["SESSION_TYPE"] = "redis"
app.config["SESSION_REDIS"] = redis.from_url("redis://cache")
Session(app)
if app.debug:
    app.config["SESSION_TYPE"] = "filesystem"
```

```python good app.py
from flask import Flask
from flask_session import Session

app = Flask(__name__)
app.config["SESSION_TYPE"] = "filesystem"
app.config["SESSION_FILE_DIR"] = "/data/sessions"
Session(app)
```

```dockerfile good Dockerfile
FROM python:3.13-slim
COPY . .
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```yaml good compose.yaml
services:
  web:
    build: .
    volumes: ["sessions:/data/sessions"]
volumes:
  sessions:
```
"""

from flask_preflight.artifacts.application import Application
from flask_preflight.rule import Level, Message, Result, Results, rule

LOST = Message("the sessions of {0} are files in one container, unknown to all others")


@rule("FLK504", "filesystem-session", "warning", "scaling")
def check(application: Application) -> Results:
    if not any(application.extensions("Session")):
        return
    entries = [one for one in application.entries if one.role == "production"]
    folder = next((one.value.text for one in application.production("SESSION_FILE_DIR")), "")
    mounts = [mount for entry in entries for mount in entry.mounts]
    if application.replicated is not True:
        kept = any(folder == m.path or folder.startswith(m.path + "/") for m in mounts)
        if kept or all(one.carrier == "host" for one in entries):
            return
    level: Level = "error" if application.replicated else "warning"
    for found in application.production("SESSION_TYPE"):
        if found.value.kind == "literal" and found.value.text in ("filesystem", "cachelib", "null"):
            yield Result(found.location, LOST(application.title), level=level)
