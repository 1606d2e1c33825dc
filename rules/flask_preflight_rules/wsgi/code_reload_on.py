"""The server of production watches the source and restarts when it changes.

It costs time, restarts on any written file, and after a change that does not load every client sees
the traceback.

Fix: remove the option; use it on the developer's machine only.

Sources: Gunicorn, "Settings: reload"; uWSGI, "Options: py-autoreload".

```procfile bad {1,2}
web: gunicorn --reload shop:app
api: uvicorn --interface wsgi --reload shop:app
```

```ini bad deploy/shop.service {2}
[Service]
ExecStart=/srv/venv/bin/uwsgi --http-socket :8000 --py-autoreload 1 -w shop:app
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
COPY . .
CMD ["gunicorn", "-b", "0.0.0.0:8000", "shop:app"]
```

```python bad gunicorn.conf.py {3}
import os

reload = os.environ.get("RELOAD", "1") == "1"
```

```dockerfile bad Dockerfile {3}
FROM python:3.13-slim
COPY . .
CMD ["watchmedo", "auto-restart", "--", "gunicorn", "-b", "0.0.0.0:8000", "shop:app"]
```

```ini bad deploy/shop.service
[Service]
ExecStart=/srv/venv/bin/gunicorn -c deploy/gunicorn.conf.py app:app
```

```python bad deploy/gunicorn.conf.py {2}
workers = 3
reload = True  # for development
```

```python fixed deploy/gunicorn.conf.py
workers = 3
```

```procfile good
web: gunicorn shop:app
touch: uwsgi --http :80 --touch-reload /tmp/reload -w shop:app
```

```procfile good Procfile.dev
web: gunicorn --reload shop:app
```

```dockerfile good Dockerfile
FROM python:3.13-slim
COPY . .
CMD ["gunicorn", "-b", "0.0.0.0:8000", "shop:app"]
```

```python good gunicorn.conf.py
import os

reload = os.environ.get("RELOAD") == "1"
```
"""

from flask_preflight.artifacts.setting import Setting
from flask_preflight.artifacts.wsgi import Server
from flask_preflight.rule import Level, Message, Result, Results, rule

WATCHES = Message("{0} watches the source: it restarts on any change and may show tracebacks")
WATCHERS = ("watchmedo", "nodemon", "watchfiles", "hupper", "reflex", "entr", "watchexec")


@rule("WSG102", "code-reload-on", "error", "wsgi")
def check(server: Server) -> Results:
    option = _option(server)
    if option is not None:
        level: Level | None = "warning" if option.default else None
        said = WATCHES(server.program)
        yield Result(option.location, said, fix=option.removed(), level=level)
        return
    words = server.entry.argv if server.entry is not None and server.entry.argv else ()
    for word in words[:6]:
        if word.rpartition("/")[2] in WATCHERS and word not in server.argv:
            yield Result(server.entry.argv_location if server.entry else server.at(), WATCHES(word))
            return


def _option(server: Server) -> Setting | None:
    name = "py-autoreload" if server.kind == "uwsgi" else "reload"
    found = server.settings.get(name)
    return found if found is not None and found.known and found.value else None
