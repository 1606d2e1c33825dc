"""Nothing records which requests are served.

Gunicorn writes no access log unless it is told to, and no proxy or platform is in front: after an
incident nobody knows who asked for what, and slow or failing paths go unseen.

Fix: `--access-logfile -`.

Sources: Gunicorn, "Settings: accesslog"; Flask, "Gunicorn".

```ini bad deploy/shop.service {2}
[Service]
ExecStart=/srv/venv/bin/gunicorn app:app
```

```python bad app.py
from flask import Flask

app = Flask(__name__)
```

```ini good deploy/shop.service
[Service]
ExecStart=/srv/venv/bin/gunicorn --access-logfile - app:app
```

```ini good deploy/other.service
[Service]
ExecStart=/srv/venv/bin/gunicorn --log-config logging.ini app:app
```

```ini good deploy/third.service
[Service]
ExecStart=/srv/venv/bin/gunicorn $OPTIONS app:app
```

```procfile good Procfile
web: gunicorn app:app
```

```python good app.py
from flask import Flask

app = Flask(__name__)
```

```ini good deploy/shop.service
[Service]
ExecStart=/srv/venv/bin/gunicorn app:app
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

from flask_preflight.artifacts.application import Application
from flask_preflight.artifacts.wsgi import Server
from flask_preflight.rule import Message, Result, Results, rule

UNSEEN = Message("nothing records the requests that {0} serves: Gunicorn's access log is off")
SETTINGS = ("logconfig", "logconfig_dict", "logconfig_json", "logger_class")
PACKAGES = (
    "sentry-sdk opentelemetry-instrumentation-flask ddtrace newrelic elastic-apm scout-apm "
    "flask-logging-decorator flask-request-logger appsignal"
).split()


@rule("WSG401", "access-log-off", "note", "observability", sees="absent")
def check(application: Application) -> Results:
    if application.requires(*PACKAGES) or any(o.what == "request" for o in application.log_uses):
        return
    for entry in application.serving:
        server = entry.server
        # The routers of platforms and proxies write a log of their own.
        logged = any(hop.kind in ("proxy", "ingress") for hop in entry.fronts)
        if server is not None and not logged and entry.carrier != "platform" and _silent(server):
            yield Result(server.at(), UNSEEN(application.title))
            return


def _silent(server: Server) -> bool:
    log = server.setting("accesslog")
    if server.kind != "gunicorn" or log is None or not log.known or log.value:
        return False
    return not any(name in server.settings for name in SETTINGS)
