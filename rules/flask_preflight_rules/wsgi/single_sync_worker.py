"""The server handles one request at a time.

With one process and one thread the next request waits until the current one is answered. A slow
query, a call to another service or a client on a bad line then stops everything, the health check
included, and the instance is taken for dead.

Fix: give the server several workers (`--workers 3`), or threads where the work is mostly waiting
(`--threads 4`).

Sources: Gunicorn, "Design: How Many Workers?" and "How Many Threads?"; uWSGI, "Things to know".

```ini bad deploy/shop.service {2}
[Service]
ExecStart=/srv/venv/bin/gunicorn -b 127.0.0.1:8000 shop:app
```

```procfile bad {1}
web: waitress-serve --threads=1 shop:app
```

```ini bad deploy/shop.service {2}
[Service]
ExecStart=/srv/venv/bin/uwsgi --http-socket :8000 --processes 1 -w shop:app
```

```procfile good
two: gunicorn -w 2 shop:app
threads: gunicorn --threads 4 shop:app
async: gunicorn -k gevent shop:app
given: gunicorn -w $WORKERS shop:app
settable: gunicorn -w ${WORKERS:-1} shop:app
options: gunicorn $GUNICORN_OPTIONS shop:app
waitress: waitress-serve shop:app
uwsgi: uwsgi --http :80 --threads 8 -w shop:app
elsewhere: uwsgi --ini /etc/uwsgi/base.ini
```

```ini good deploy/shop.service
[Service]
Environment=WEB_CONCURRENCY=3
ExecStart=/srv/venv/bin/gunicorn shop:app
```
"""

from flask_preflight.artifacts.wsgi import Server
from flask_preflight.rule import Message, Result, Results, rule

ONE = Message("{0} runs one process with one thread: a slow request stops all others")


@rule("WSG201", "single-sync-worker", "warning", "scaling", sees="absent")
def check(server: Server) -> Results:
    if server.serial:
        entry = server.entry
        spread = entry is not None and entry.replicas.multi is True
        # Platforms usually set WEB_CONCURRENCY, which Gunicorn obeys.
        may_grow = server.kind == "gunicorn" and entry is not None and entry.carrier == "platform"
        where = server.at("workers") if server.kind == "gunicorn" else server.at("processes")
        yield Result(where, ONE(server.program), level="note" if spread or may_grow else None)
