"""A file of variables for production switches debugging on.

Flask shows tracebacks and the debugger then, whatever server runs it. Every text but an empty one,
`0`, `false` and `no` is on for `FLASK_DEBUG`, also `off`.

Fix: delete the line, or write `FLASK_DEBUG=0`.

Sources: Flask, "Configuration Handling: DEBUG"; CWE-489.

```env bad deploy/production.env {1,2,3}
FLASK_DEBUG=1
WERKZEUG_DEBUG_PIN=off
PYTHONDEVMODE=1
```

```python bad app.py
from flask import Flask

app = Flask(__name__)
```

```env bad .env {1}
FLASK_DEBUG=off
```

```yaml bad compose.yaml
services:
  web:
    build: .
    env_file: .env
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
COPY . .
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```env bad deploy/production.env {1}
export FLASK_DEBUG="1"
```

```python bad app.py
from flask import Flask

app = Flask(__name__)
```

```env fixed deploy/production.env
export FLASK_DEBUG=0
```

```env good deploy/production.env
FLASK_DEBUG=0
PYTHONDEVMODE=
DEBUG=1
```

```env good .env.example
FLASK_DEBUG=1
```

```env good .env
FLASK_DEBUG=1
```

```env good .flaskenv
FLASK_DEBUG=1
```

```procfile good Procfile
web: gunicorn app:app
```

```python good app.py
from flask import Flask

app = Flask(__name__)
```
"""

from flask_preflight.artifacts.env import flask_debug
from flask_preflight.facts import Deployment
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.env._production import production_variables

ON = Message("{0} is on: errors show visitors the inside of the application", "on")
WORD = Message("FLASK_DEBUG={0} switches debugging on: only 0, false and no mean off", "word")
SWITCHES = ("PYTHONDEVMODE", "PYTHONASYNCIODEBUG")


@rule("ENV101", "debug-in-env-file", "error", "configuration", "CWE-489")
def check(deployment: Deployment) -> Results:
    for variable in production_variables(deployment):
        name, value = variable.name, variable.value
        if value is None or not deployment.uses_flask(variable.location.path):
            continue
        if name == "FLASK_DEBUG" and flask_debug(value):
            meant = value.strip().lower() in ("off", "disabled", "n", "none", "0", "false", "no")
            said = WORD(value.strip()) if meant else ON(name)
            fix = variable.location.rewritten("FLASK_DEBUG=0")
            yield Result(variable.location, said, fix=fix)
        elif name == "WERKZEUG_DEBUG_PIN" and value.lower() == "off":
            yield Result(variable.location, ON("the debugger without its PIN"))
        elif name in SWITCHES and value not in ("", "0"):
            yield Result(variable.location, ON(name), level="warning")
