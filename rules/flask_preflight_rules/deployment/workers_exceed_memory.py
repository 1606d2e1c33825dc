"""The workers do not fit into the memory that the container may use.

The kernel ends one of them whenever it grows: requests are cut off in the midst, again and again.

Fix: fewer workers, or a higher limit; a Flask application with a database needs some 100 MiB for
each worker.

Sources: Gunicorn, "Design: How Many Workers?"; Docker, "Resource constraints".

```dockerfile bad Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "--workers", "8", "app:app"]
```

```yaml bad compose.yaml {4}
services:
  web:
    build: .
    mem_limit: 256m
```

```dockerfile good Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "--workers", "3", "app:app"]
```

```yaml good compose.yaml
services:
  web:
    build: .
    mem_limit: 512m
```
"""

from flask_preflight.facts import Entry
from flask_preflight.rule import Message, Result, Results, rule

SHARE = Message("{0} workers of {1} share {2} MiB, and the kernel ends those that grow")
MEBI = 1024 * 1024


@rule("DEP086", "workers-exceed-memory", "warning", "scaling", sees="relation")
def check(entry: Entry) -> Results:
    server, workers = entry.server, entry.workers.low
    if server is None or not entry.memory or workers is None or workers < 2:
        return
    least = 32 if server.flag("preload_app") else 64
    if entry.memory / workers < least * MEBI:
        where = entry.at("mem_limit")
        for keys in (
            ("resources", "limits", "memory"),
            ("deploy", "resources", "limits", "memory"),
        ):
            where = entry.at(*keys) if entry.at(*keys) != entry.at() else where
        said = SHARE(workers, entry.title, entry.memory // MEBI)
        related = (entry.workers.location,) if entry.workers.location else ()
        yield Result(where, said, related)
