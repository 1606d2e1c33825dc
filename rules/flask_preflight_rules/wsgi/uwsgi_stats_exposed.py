"""uWSGI's statistics are open to the network.

Whoever asks gets the addresses and cookies of the requests that run, and the paths of the server.

Fix: bind them to 127.0.0.1 or to a Unix socket.

Sources: uWSGI, "The uWSGI Stats Server".

```procfile bad {1,2}
web: uwsgi --http-socket :8000 --stats :9191 -w app:app
two: uwsgi --http-socket :8000 --stats 0.0.0.0:9191 -w app:app
```

```ini bad deploy/shop.service
[Service]
ExecStart=/srv/venv/bin/uwsgi --ini deploy/uwsgi.ini
```

```ini bad deploy/uwsgi.ini {5}
[uwsgi]
http-socket = :8000
wsgi-file = app.py
callable = app
stats = :9191
```

```ini fixed deploy/uwsgi.ini
[uwsgi]
http-socket = :8000
wsgi-file = app.py
callable = app
stats = 127.0.0.1:9191
```

```procfile good
web: uwsgi --http-socket :8000 --stats 127.0.0.1:9191 -w app:app
two: uwsgi --http-socket :8000 --stats /tmp/stats.sock -w app:app
```
"""

from flask_preflight.artifacts.wsgi import Server
from flask_preflight.rule import Message, Result, Results, rule

OPEN = Message("whoever reaches {0} sees the requests of others with their cookies")


@rule("WSG507", "uwsgi-stats-exposed", "warning", "security")
def check(server: Server) -> Results:
    stats = server.settings.get("stats")
    if server.kind == "uwsgi" and stats is not None and isinstance(stats.value, str):
        host, colon, port = stats.value.rpartition(":")
        if colon and port.isdigit() and host in ("", "0.0.0.0", "[::]", "*"):
            fix = stats.rewritten(f"stats = 127.0.0.1:{port}")
            yield Result(stats.location, OPEN(stats.value), fix=fix)
