"""The application writes its log to a file in the container.

The file is gone with the container, and no collector of the platform sees it. Several processes
that rotate one file lose lines of each other.

Fix: log to standard error, and let the platform collect it.

Sources: The Twelve-Factor App, "Logs"; Python, "Logging Cookbook: Logging to a single file from
multiple processes".

```python bad app.py {7}
from logging.handlers import RotatingFileHandler

import views
from flask import Flask

app = Flask(__name__)
app.logger.addHandler(RotatingFileHandler("logs/app.log"))
```

```python bad views.py {3,7}
import logging

logging.basicConfig(filename="app.log", level=logging.INFO)


def connect():
    handler = logging.FileHandler("views.log")
    other = logging.FileHandler("other.log")
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
COPY . .
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```python bad app.py {10}
import logging
import os
from logging.handlers import RotatingFileHandler

from flask import Flask

app = Flask(__name__)
if os.environ.get("LOG_TO_STDOUT"):
    app.logger.addHandler(logging.StreamHandler())
else: app.logger.addHandler(RotatingFileHandler("logs/app.log"))
```

```procfile bad Procfile
web: gunicorn app:app
```

```python good app.py
import logging

from flask import Flask

app = Flask(__name__)
logging.basicConfig(level=logging.INFO)
app.logger.addHandler(logging.StreamHandler())
app.logger.addHandler(logging.FileHandler("/dev/stdout"))
if app.debug:
    app.logger.addHandler(logging.FileHandler("debug.log"))
```

```procfile good Procfile
web: gunicorn app:app
```

```python good app.py
import logging

from flask import Flask

app = Flask(__name__)
app.logger.addHandler(logging.FileHandler("/var/log/shop.log"))
```

```ini good deploy/shop.service
[Service]
ExecStart=/srv/venv/bin/gunicorn app:app
```
"""

from flask_preflight.artifacts.application import Application
from flask_preflight.artifacts.source import ExtensionCall
from flask_preflight.rule import Level, Message, Result, Results, rule

LOST = Message("this log is a file in the container: it is lost with it, and nothing collects it")
HANDLERS = (
    "FileHandler",
    "RotatingFileHandler",
    "TimedRotatingFileHandler",
    "WatchedFileHandler",
    "basicConfig",
)


@rule("FLK701", "log-file-handler", "warning", "observability")
def check(application: Application) -> Results:
    serving = application.serving
    if not serving or all(entry.carrier == "host" for entry in serving):
        return
    streams = {one.path for one in application.extensions("StreamHandler")}
    told: set[tuple[str, str]] = set()
    for call in application.extensions(*HANDLERS):
        if not call.guard.counts or call.guard.use == "task" or not _to_file(call):
            continue
        place = (call.path, call.guard.function)
        if call.path in application.modules and place not in told:
            told.add(place)
            level: Level | None = "note" if call.path in streams else None
            yield Result(call.location, LOST(), level=level)


def _to_file(call: ExtensionCall) -> bool:
    if not call.name.startswith("logging"):
        return False
    named = call.argument("filename") if call.last == "basicConfig" else call.argument("0")
    path = named or (call.argument("filename") if call.last != "basicConfig" else None)
    return path is not None and not path.text.startswith(("/dev/", "/proc/"))
