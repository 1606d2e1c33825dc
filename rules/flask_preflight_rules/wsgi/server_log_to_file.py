"""The server writes its log to a file in the container.

The file is gone with the container, nothing collects it, and it grows until the disk is full.

Fix: log to the container's output, `--access-logfile -`, `logto = /dev/stdout`.

Sources: The Twelve-Factor App, "Logs"; Docker, "View container logs".

```dockerfile bad Dockerfile {3,3}
FROM python:3.13-slim
COPY . .
CMD gunicorn -b 0.0.0.0:80 --access-logfile /logs/a --error-logfile /logs/e app:app
```

```dockerfile bad Dockerfile {3}
FROM python:3.13-slim
COPY . .
CMD ["uwsgi", "--http-socket", ":80", "--logto", "/var/log/uwsgi.log", "-w", "app:app"]
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
COPY . .
CMD ["gunicorn", "-c", "gunicorn.conf.py", "app:app"]
```

```python bad gunicorn.conf.py {1}
accesslog = "/var/log/access.log"
```

```python fixed gunicorn.conf.py
accesslog = "-"
```

```dockerfile good Dockerfile
FROM python:3.13-slim
COPY . .
CMD ["gunicorn", "-b", "0.0.0.0:80", "--access-logfile", "-", "--log-file=/dev/stderr", "app:app"]
```

```ini good deploy/shop.service
[Service]
ExecStart=/srv/venv/bin/gunicorn --access-logfile /var/log/shop.log app:app
```
"""

from flask_preflight.artifacts.wsgi import Server
from flask_preflight.rule import Level, Message, Result, Results, rule

LOST = Message("{0} logs to {1} in the container, which is lost with it and collected by nothing")
SETTINGS = ("accesslog", "errorlog", "logto", "logto2", "req-logger")
OUTPUTS = ("/dev/", "/proc/", "-", "stdio", "file:/dev/", "file:/proc/", "syslog", "socket")


@rule("WSG402", "server-log-to-file", "warning", "observability")
def check(server: Server) -> Results:
    entry = server.entry
    if entry is None or entry.carrier == "host" or server.kind not in ("gunicorn", "uwsgi"):
        return
    for name in SETTINGS:
        found = server.settings.get(name)
        path = found.value if found is not None and isinstance(found.value, str) else ""
        if found is not None and path and not path.startswith(OUTPUTS):
            kept = any(path.startswith(mount.path.rstrip("/") + "/") for mount in entry.mounts)
            level: Level | None = "note" if kept else None
            said = LOST(server.program, path)
            plain = server.kind == "gunicorn" and level is None
            fix = found.rewritten(f'{name} = "-"') if plain else None
            yield Result(found.location, said, fix=fix, level=level)
