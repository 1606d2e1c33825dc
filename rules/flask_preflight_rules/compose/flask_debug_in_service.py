"""The service runs with Flask's debugging switched on.

Errors are answered with tracebacks and the debugger, whatever server runs the application.

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

```yaml good compose.yaml
services:
  web:
    build: .
    environment:
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

ON = Message("{0} runs with FLASK_DEBUG={1}: errors show visitors the inside of the application")


@rule("CMP041", "flask-debug-in-service", "error", "wsgi", "CWE-489")
def check(service: Service) -> Results:
    found = service.environment.get("FLASK_DEBUG")
    if found is None or not found.value or found.location.path not in service.project.paths:
        return
    if flask_debug(found.value):
        yield Result(found.location, ON(service.name, found.value))
