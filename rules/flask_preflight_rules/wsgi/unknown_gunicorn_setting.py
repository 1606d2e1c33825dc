"""The configuration file of Gunicorn sets something that Gunicorn does not know.

It ignores such names without a word, and `--check-config` passes: the log, the timeout or the
number of workers stays at its default.

Fix: use Gunicorn's own name.

Sources: Gunicorn, "Settings".

```procfile bad
web: gunicorn -c gunicorn.conf.py app:app
```

```python bad gunicorn.conf.py {2,3,4,5}
bind = "0.0.0.0:8000"
access_logfile = "-"
worker = 3
max_request = 1000
gracefull_timeout = 20
```

```ini bad deploy/shop.service
[Service]
ExecStart=/srv/venv/bin/gunicorn -c deploy/gunicorn.conf.py app:app
```

```python bad deploy/gunicorn.conf.py {1,2}
worker_connection = 9
thread = 3
```

```python fixed deploy/gunicorn.conf.py
worker_connections = 9
threads = 3
```

```procfile good
web: gunicorn -c gunicorn.conf.py app:app
```

```python good gunicorn.conf.py
import os

_worker = 3
port = os.environ.get("PORT", "8000")
bind = f"0.0.0.0:{port}"
workers = 3
accesslog = "-"
spawn_worker_sleep_time = 3
environment = "production"


def on_start(server):
    pass
```
"""

from flask_preflight.artifacts.gunicorn import SETTINGS
from flask_preflight.artifacts.wsgi import Server
from flask_preflight.rule import Message, Result, Results, rule

IGNORED = Message("Gunicorn does not know {0} and ignores it; it means {1}")
MEANT = {
    "access_logfile": "accesslog",
    "access_log": "accesslog",
    "error_logfile": "errorlog",
    "error_log": "errorlog",
    "log_file": "errorlog",
    "logfile": "errorlog",
    "log_level": "loglevel",
    "access_logformat": "access_log_format",
    "access_log_formatter": "access_log_format",
    "keep_alive": "keepalive",
    "worker": "workers",
    "worker_processes": "workers",
    "num_workers": "workers",
    "thread": "threads",
    "num_threads": "threads",
    "preload": "preload_app",
    "pid": "pidfile",
    "max_request": "max_requests",
    "worker_timeout": "timeout",
    "graceful": "graceful_timeout",
    "env": "raw_env",
    "daemonize": "daemon",
}


@rule("WSG107", "unknown-gunicorn-setting", "warning", "wsgi")
def check(server: Server) -> Results:
    if not server.unknown_settings:
        return
    from difflib import get_close_matches

    for name, where in server.unknown_settings:
        near = get_close_matches(name, SETTINGS, 1, 0.85) if len(name) > 5 else []
        meant = MEANT.get(name) or next(iter(near), "")
        if meant and meant not in server.settings:
            start = where.region.start_column
            end = start + len(name)
            word = where.region._replace(end_line=where.region.start_line, end_column=end)
            # What `raw_env` wants is a list.
            fix = where._replace(region=word).rewritten(meant) if name != "env" else None
            yield Result(where, IGNORED(name, meant), fix=fix)
