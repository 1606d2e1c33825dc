"""uWSGI runs without its master process.

Nothing starts a worker again that died, ends one that hangs, or reloads without losing requests.

Fix: `master = true`.

Sources: uWSGI, "Things to know (best practices and issues)".

```ini bad uwsgi.ini
[uwsgi]
http-socket = :8000
module = app:app
need-app = true
```

```procfile bad {1}
web: uwsgi --ini uwsgi.ini
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
master = true
http-socket = :8000
wsgi-file = app.py
callable = app
```

```ini good uwsgi.ini
[uwsgi]
http-socket = :8000
module = app:app
master = true
```

```procfile good
web: uwsgi --ini uwsgi.ini
stats: uwsgi --http-socket :8000 --stats 127.0.0.1:9191 -w app:app
many: uwsgi --emperor /etc/uwsgi/vassals
elsewhere: uwsgi --ini /etc/uwsgi/base.ini
```
"""

from flask_preflight.artifacts.wsgi import Server
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.wsgi._uwsgi import lacks

ALONE = Message("without its master uWSGI starts no worker again that died or hangs")
IMPLIED = ("master", "stats", "cheaper", "touch-reload", "py-tracebacker")


@rule("WSG501", "uwsgi-without-master", "warning", "wsgi", sees="absent")
def check(server: Server) -> Results:
    if lacks(server, *IMPLIED):
        yield Result(server.at("master"), ALONE(), fix=server.with_line("master = true"))
