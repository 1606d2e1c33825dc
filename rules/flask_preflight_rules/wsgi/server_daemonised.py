"""The server goes into the background.

What started it sees its process end: the container stops at once, with exit code 0, and a
supervisor or systemd starts one server after the other.

Fix: remove the option; whoever starts the server keeps it running.

Sources: Gunicorn, "Deploying Gunicorn: Monitoring"; systemd.service(5), "Type=".

```dockerfile bad Dockerfile {3}
FROM python:3.13-slim
COPY . .
CMD ["gunicorn", "-b", "0.0.0.0:8000", "--daemon", "app:app"]
```

```ini bad deploy/shop.service {2}
[Service]
ExecStart=/srv/venv/bin/uwsgi --daemonize /var/log/uwsgi.log --http-socket :8000 -w app:app
```

```ini bad deploy/shop.service {4}
[Service]
Type=forking
PIDFile=/run/shop.pid
ExecStart=/srv/venv/bin/gunicorn --daemon --pid /run/shop.pid app:app
```

```ini bad deploy/shop.service
[Service]
ExecStart=/srv/venv/bin/gunicorn -c deploy/gunicorn.conf.py app:app
```

```python bad deploy/gunicorn.conf.py {1}
daemon = True
workers = 3
```

```python fixed deploy/gunicorn.conf.py
workers = 3
```

```procfile good
web: gunicorn app:app
```
"""

from flask_preflight.artifacts.wsgi import Process, Server
from flask_preflight.rule import Level, Message, Result, Results, rule

ENDS = Message("{0} goes into the background, so what started it believes that it has ended")
OPTIONS = ("daemon", "daemonize", "daemonize2")


@rule("WSG403", "server-daemonised", "error", "wsgi")
def check(server: Server) -> Results:
    for name in OPTIONS:
        found = server.settings.get(name)
        if found is not None and found.known and found.value:
            level: Level | None = "note" if _forks(server) else None
            yield Result(found.location, ENDS(server.program), fix=found.removed(), level=level)


def _forks(server: Server) -> bool:
    """Whether systemd is told that it does."""
    part = server.entry.part if server.entry is not None else None
    given = part.fields.get("Type") if isinstance(part, Process) else None
    return given is not None and given.value == "forking"
