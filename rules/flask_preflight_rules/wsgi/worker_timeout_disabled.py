"""Gunicorn never gives up a worker that hangs.

With the timeout at 0 a request that waits forever keeps its worker forever; when all of them wait,
nobody is served until somebody restarts the server.

Fix: remove the setting (the default is 30 seconds), or choose a number above the slowest request.

Intended: with gevent workers, whose timeout does not limit requests.

Sources: Gunicorn, "Settings: timeout".

```procfile bad {1,2}
web: gunicorn --timeout 0 app:app
api: gunicorn -t -1 app:app
```

```procfile bad {1}
web: gunicorn -k gevent --timeout 0 app:app
```

```ini bad deploy/shop.service
[Service]
ExecStart=/srv/venv/bin/gunicorn -c deploy/gunicorn.conf.py app:app
```

```python bad deploy/gunicorn.conf.py {2}
workers = 3
timeout = 0
```

```python fixed deploy/gunicorn.conf.py
workers = 3
```

```procfile good
web: gunicorn --timeout 60 app:app
default: gunicorn app:app
given: gunicorn --timeout $TIMEOUT app:app
```
"""

from flask_preflight.artifacts.wsgi import Server
from flask_preflight.rule import Level, Message, Result, Results, rule

FOREVER = Message("Gunicorn never gives up a worker that hangs, so all of them may", "forever")
NEGATIVE = Message("Gunicorn does not start with a negative timeout", "negative")


@rule("WSG202", "worker-timeout-disabled", "warning", "wsgi")
def check(server: Server) -> Results:
    timeout = server.settings.get("timeout")
    if server.kind != "gunicorn" or timeout is None or not isinstance(timeout.value, int):
        return
    if timeout.value < 0:
        yield Result(timeout.location, NEGATIVE(), fix=timeout.removed(), level="error")
    elif timeout.value == 0:
        worker = server.worker_class
        blocking = worker is not None and worker.value in ("sync", "gthread")
        level: Level | None = None if blocking else "note"
        yield Result(timeout.location, FOREVER(), fix=timeout.removed(), level=level)
