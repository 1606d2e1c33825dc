"""uWSGI keeps running when the application cannot be imported.

It then answers every request with an error 500 while its port is open: a check of the port passes,
and the new version replaces the one that worked.

Fix: `need-app = true`.

Sources: uWSGI, "Configuration Options: need-app".

```ini bad deploy/shop.service {2}
[Service]
ExecStart=/srv/venv/bin/uwsgi --ini deploy/uwsgi.ini
```

```python bad app.py
from flask import Flask
app = Flask(__name__)
```

```ini bad deploy/uwsgi.ini
[uwsgi]
http-socket = :8000
wsgi-file = app.py
callable = app
```

```ini fixed deploy/uwsgi.ini
[uwsgi]
need-app = true
http-socket = :8000
wsgi-file = app.py
callable = app
```

```procfile bad {1}
web: uwsgi --http-socket :8000 --master -w app:app
```

```procfile good
web: uwsgi --http-socket :8000 --need-app -w app:app
many: uwsgi --http-socket :8000 --mount /a=a:app --mount /b=b:app
elsewhere: uwsgi --ini /etc/uwsgi/base.ini
```
"""

from flask_preflight.artifacts.wsgi import Server
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.wsgi._uwsgi import lacks

RUNS = Message("uWSGI keeps running when the import of {0} fails, and answers 500 to all")


@rule("WSG503", "uwsgi-starts-without-app", "warning", "wsgi", sees="absent")
def check(server: Server) -> Results:
    if lacks(server, "need-app", "mount") and (server.target or server.script_path):
        said = RUNS(server.target or server.script_path)
        yield Result(server.at(), said, fix=server.with_line("need-app = true"))
