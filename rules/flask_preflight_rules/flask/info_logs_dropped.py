"""Nothing sets a log level, so information is dropped.

Without a configuration of `logging` only warnings and errors are written outside of debug mode:
what the code logs with `info()` is never seen.

Fix: configure logging when the application starts, `logging.config.dictConfig({...})`.

Sources: Flask, "Logging"; Python, "Logging HOWTO: What happens if no configuration is provided".

```python bad app.py {8}
from flask import Flask

app = Flask(__name__)


@app.get("/")
def home():
    app.logger.info("somebody is here")
    return ""
```

```procfile bad Procfile
web: gunicorn app:app
```

```python good app.py
import logging

from flask import Flask

app = Flask(__name__)
logging.basicConfig(level=logging.INFO)


@app.get("/")
def home():
    app.logger.info("somebody is here")
    return ""
```

```procfile good Procfile
web: gunicorn app:app
```

```python good app.py
import logging

from flask import Flask

app = Flask(__name__)
app.logger.handlers = logging.getLogger("gunicorn.error").handlers


@app.get("/")
def home():
    app.logger.info("somebody is here")
    return ""
```

```procfile good Procfile
web: gunicorn app:app
```

```python good app.py
from flask import Flask

app = Flask(__name__)
app.logger.warning("nothing to do")
```

```procfile good Procfile
web: gunicorn app:app
```
"""

from flask_preflight.artifacts.application import Application
from flask_preflight.artifacts.wsgi import Server
from flask_preflight.rule import Message, Result, Results, rule

DROPPED = Message("nothing sets a log level, so this and all other information is dropped")
SETTINGS = ("logconfig", "logconfig_dict", "logconfig_json", "logger_class")
PACKAGES = (
    "structlog loguru flask-logconfig google-cloud-logging watchtower ddtrace logbook "
    "opentelemetry-instrumentation-logging python-json-logger ecs-logging flask-log-request-id"
).split()


@rule("FLK702", "info-logs-dropped", "note", "observability", sees="absent")
def check(application: Application) -> Results:
    uses = [one for one in application.log_uses if one.path in application.modules]
    if not application.serving or any(one.what == "setup" for one in application.log_uses):
        return
    if application.requires(*PACKAGES) or any(map(_configures, application.servers)):
        return
    yield from (Result(one.location, DROPPED()) for one in uses[:1])


def _configures(server: Server) -> bool:
    """Whether the server may configure logging for the application."""
    if server.open_because is not None or server.kind == "flask-run":
        return True
    return any(name in server.settings for name in SETTINGS)
