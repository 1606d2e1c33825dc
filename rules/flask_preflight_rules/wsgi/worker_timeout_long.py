"""A worker that hangs is ended very late.

Until then it serves nobody, and behind most proxies the client has been given up long before.

Fix: a timeout a little above the slowest request; do long work in the background.

Sources: Gunicorn, "Settings: timeout"; uWSGI, "Configuration Options: harakiri".

```procfile bad {1,2}
web: gunicorn --timeout 600 app:app
two: uwsgi --http-socket :8000 --harakiri 1200 -w app:app
```

```procfile good
web: gunicorn --timeout 120 app:app
async: gunicorn -k gevent --timeout 600 app:app
two: uwsgi --http-socket :8000 --harakiri 60 -w app:app
```
"""

from flask_preflight.artifacts.wsgi import Server
from flask_preflight.rule import Message, Result, Results, rule

LATE = Message("a worker that hangs serves nobody for {0} seconds before it is ended")


@rule("WSG203", "worker-timeout-long", "note", "wsgi", enabled=False)
def check(server: Server) -> Results:
    name, most = ("harakiri", 900) if server.kind == "uwsgi" else ("timeout", 300)
    found, worker = server.settings.get(name), server.worker_class
    if server.kind == "gunicorn" and (worker is None or worker.value not in ("sync", "gthread")):
        return
    if found is not None and isinstance(found.value, int) and found.value > most:
        yield Result(found.location, LATE(found.value))
