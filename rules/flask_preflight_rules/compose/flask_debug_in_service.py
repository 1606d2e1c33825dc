"""The service runs with Flask's debugging switched on.

`flask run` then answers errors with a console in which visitors run any code. Other servers answer
with no page of the application's own, and read every template again.

Fix: delete the variable, or move it to `compose.override.yaml`.

Sources: Flask, "Configuration Handling: DEBUG"; CWE-489.

```yaml bad compose.yaml {5}
services:
  web:
    build: .
    environment:
      FLASK_DEBUG: "1"
```

```yaml bad compose.yaml {4}
services:
  web:
    build: .
    environment: ["FLASK_DEBUG=${FLASK_DEBUG:-true}"]
```

```yaml bad compose.yaml {5}
services:
  web:
    build: .
    environment:
      FLASK_ENV: development
```

```text bad requirements.txt
Flask==2.2.5
gunicorn==20.1.0
```

```python bad app.py
from flask import Flask
app = Flask(__name__)
```

```dockerfile bad Dockerfile
FROM python:3.11-slim
COPY . .
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```yaml good compose.yaml
services:
  web:
    build: .
    environment:
      FLASK_ENV: development
      FLASK_DEBUG: ${FLASK_DEBUG:-false}
      DEBUG: "1"
```

```yaml good compose.override.yaml
services:
  web:
    environment:
      FLASK_DEBUG: "1"
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.artifacts.env import flask_debug
from flask_preflight.rule import Message, Result, Results, rule

ON = Message("{1}={2} puts {0} into debug mode: errors show its inside, or pass by its handlers")


@rule("CMP041", "flask-debug-in-service", "error", "wsgi", "CWE-489")
def check(service: Service) -> Results:
    for name in ("FLASK_DEBUG", "FLASK_ENV"):
        found = service.environment.get(name)
        # What comes from a file of variables is reported there.
        if found is None or not found.value or found.location.path not in service.project.paths:
            continue
        debugs = flask_debug(found.value) if name == "FLASK_DEBUG" else _is_heeded(service)
        if debugs and (name == "FLASK_DEBUG" or found.value in ("development", "dev")):
            yield Result(found.location, ON(service.name, name, found.value))
            return


def _is_heeded(service: Service) -> bool:
    """Whether its Flask certainly reads FLASK_ENV, as it did up to version 2.2."""
    application = service.entry.application if service.entry is not None else None
    if application is None or "FLASK_DEBUG" in service.environment:
        return False
    return application.requires("flask") and not application.may_reach("flask", "2.3")
