"""Nothing records which requests are served.

Gunicorn writes no access log unless it is told to: after an incident nobody knows who asked for
what, and slow or failing paths go unseen.

Fix: `--access-logfile -`.

Sources: Gunicorn, "Settings: accesslog"; Flask, "Gunicorn".

```procfile bad {1}
web: gunicorn app:app
```

```python bad app.py
from flask import Flask

app = Flask(__name__)
```

```procfile good
web: gunicorn --access-logfile - app:app
config: gunicorn --log-config logging.ini app:app
given: gunicorn $OPTIONS app:app
```

```procfile good
web: gunicorn app:app
```

```python good app.py
from flask import Flask

app = Flask(__name__)


@app.after_request
def log(response):
    app.logger.info("served")
    return response
```
"""

from flask_preflight.artifacts.wsgi import Server
from flask_preflight.rule import Message, Result, Results, rule

UNSEEN = Message("nothing records the requests that {0} serves: Gunicorn's access log is off")
SETTINGS = ("logconfig", "logconfig_dict", "logconfig_json", "logger_class")
PACKAGES = (
    "sentry-sdk opentelemetry-instrumentation-flask ddtrace newrelic elastic-apm scout-apm "
    "flask-logging-decorator flask-request-logger appsignal"
).split()


@rule("WSG401", "access-log-off", "note", "observability", sees="absent")
def check(server: Server) -> Results:
    entry, made = server.entry, server.application
    log = server.setting("accesslog")
    if server.kind != "gunicorn" or log is None or not log.known or log.value or made is None:
        return
    if entry is None or any(hop.kind in ("proxy", "ingress") for hop in entry.fronts):
        return
    told = any(name in server.settings for name in SETTINGS) or made.requires(*PACKAGES)
    if not told and all(one.what != "request" for one in made.log_uses):
        yield Result(server.at(), UNSEEN(made.title))
