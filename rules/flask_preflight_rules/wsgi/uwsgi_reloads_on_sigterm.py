"""uWSGI takes the signal to stop for one to reload.

`docker stop`, a pod's eviction and systemd send SIGTERM; uWSGI then restarts its workers in the
midst of requests, and is killed when the time to stop is over.

Fix: `die-on-term = true`.

Sources: uWSGI, "Things to know: die-on-term"; uWSGI, "Managing the uWSGI server".

```dockerfile bad Dockerfile {3}
FROM python:3.13-slim
COPY . .
CMD ["uwsgi", "--http-socket", ":8000", "--master", "-w", "app:app"]
```

```ini bad deploy/shop.service {2}
[Service]
ExecStart=/srv/venv/bin/uwsgi --http-socket :8000 --master -w app:app
```

```ini bad deploy/shop.service {2}
[Service]
ExecStart=/srv/venv/bin/uwsgi --ini deploy/uwsgi.ini
```

```ini bad deploy/uwsgi.ini
[uwsgi]
http-socket = :8000
wsgi-file = app.py
callable = app
```

```ini fixed deploy/uwsgi.ini
[uwsgi]
die-on-term = true
http-socket = :8000
wsgi-file = app.py
callable = app
```

```dockerfile good Dockerfile
FROM python:3.13-slim
COPY . .
CMD ["uwsgi", "--http-socket", ":8000", "--master", "--die-on-term", "-w", "app:app"]
```

```dockerfile good Dockerfile
FROM python:3.13-slim
COPY . .
STOPSIGNAL SIGINT
CMD ["uwsgi", "--http-socket", ":8000", "--master", "-w", "app:app"]
```

```ini good deploy/shop.service
[Service]
KillSignal=SIGQUIT
ExecStart=/srv/venv/bin/uwsgi --http-socket :8000 --master -w app:app
```

```ini good uwsgi.ini
[uwsgi]
http-socket = :8000
module = app:app
hook-master-start = unix_signal:15 gracefully_kill_them_all
```

```procfile good
web: uwsgi --ini uwsgi.ini
```
"""

from flask_preflight.artifacts.wsgi import Process, Server
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.wsgi._uwsgi import lacks

RELOADS = Message("uWSGI reloads on SIGTERM instead of stopping, until it is killed")
OTHER = ("SIGINT", "SIGQUIT", "INT", "QUIT", "2", "3")


@rule("WSG502", "uwsgi-reloads-on-sigterm", "warning", "wsgi", sees="absent")
def check(server: Server) -> Results:
    hook = server.settings.get("hook-master-start")
    handled = hook is not None and "unix_signal:15" in str(hook.value)
    if lacks(server, "die-on-term", "exit-on-reload") and not handled and not _told(server):
        entry = server.entry
        contained = entry is not None and entry.carrier not in ("host", "platform")
        fix = server.with_line("die-on-term = true")
        yield Result(server.at(), RELOADS(), fix=fix, level="error" if contained else None)


def _told(server: Server) -> bool:
    """Whether another signal than SIGTERM stops it."""
    entry = server.entry
    if entry is None:
        return True
    if isinstance(entry.part, Process):
        given = entry.part.fields.get("KillSignal") or entry.part.fields.get("stopsignal")
        return given is not None and given.value.upper() in OTHER
    if entry.stop_signal:
        return entry.stop_signal.upper() in OTHER
    return False
