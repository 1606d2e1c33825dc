"""Gunicorn's worker class is not installed, or no longer exists.

Gunicorn stops at once, so the new version never starts.

Fix: install the package together with it, `gunicorn[gevent]`; for eventlet, which Gunicorn 26
dropped, use `gthread` or `gevent`.

Sources: Gunicorn, "Settings: worker_class"; Gunicorn, "Changelog: 26.0.0".

```dockerfile bad Dockerfile {4}
FROM python:3.13-slim
COPY . .
RUN pip install flask gunicorn==23.0.0
CMD ["gunicorn", "-b", "0.0.0.0:8000", "-k", "gevent", "app:app"]
```

```procfile bad {1}
web: gunicorn -k eventlet app:app
```

```python bad app.py
from flask import Flask

app = Flask(__name__)
```

```text bad requirements.txt
flask
gunicorn==26.1.0
eventlet==0.40.3
```

```procfile bad {1}
web: gunicorn -k eventlet app:app
```

```python bad app.py
from flask import Flask

app = Flask(__name__)
```

```text bad requirements.txt
flask
gunicorn==25.3.0
eventlet==0.40.3
```

```procfile good
web: gunicorn -k gevent app:app
threads: gunicorn -k gthread --threads 4 app:app
given: gunicorn -k $WORKER app:app
own: gunicorn -k shop.workers.Worker app:app
```

```text good requirements.txt
flask
gunicorn[gevent]==23.0.0
```
"""

from flask_preflight.artifacts.wsgi import Server
from flask_preflight.rule import Message, Result, Results, rule

MISSING = Message("{0} needs the package {1}, which nothing installs: Gunicorn does not start")
DROPPED = Message("Gunicorn has no eventlet workers since 26.0, so it does not start", "dropped")
SOON = Message("Gunicorn {0} is the last with eventlet workers: its update stops", "soon")
NEEDS = {
    "gevent": "gevent",
    "gevent_wsgi": "gevent",
    "gevent_pywsgi": "gevent",
    "ggevent": "gevent",
    "eventlet": "eventlet",
    "tornado": "tornado",
    "uvicorn": "uvicorn",
    "uvicorn_worker": "uvicorn-worker",
    "meinheld": "meinheld",
    "geventwebsocket": "gevent-websocket",
}


@rule("WSG106", "worker-class-unavailable", "error", "wsgi")
def check(server: Server) -> Results:
    worker = server.settings.get("worker_class")
    if server.kind != "gunicorn" or worker is None or not isinstance(worker.value, str):
        return
    name = worker.value.removeprefix("gunicorn.workers.").partition(".")[0]
    package = NEEDS.get(name, "")
    if name in ("eventlet", "geventlet") and server.application is not None:
        if server.application.may_reach("gunicorn", "26.0"):
            yield Result(worker.location, DROPPED())
            return
        if server.application.may_reach("gunicorn", "25.0"):
            version = server.application.version("gunicorn") or "25"
            yield Result(worker.location, SOON(version), level="warning")
    installed = server.installed
    if package and installed is not None and package not in installed:
        yield Result(worker.location, MISSING(worker.value, package))
