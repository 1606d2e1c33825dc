"""The cache lives in the memory, or on the disk, of each process.

Every worker and every replica keeps its own copy: what one of them deletes the others still serve,
and users see old and new pages in turn.

Fix: use a cache that all processes share, `CACHE_TYPE = "RedisCache"`.

Intended: for values that may be old, or with one process only.

Sources: Flask-Caching, "Built-in Cache Backends".

```python bad app.py {5}
from flask import Flask
from flask_caching import Cache

app = Flask(__name__)
app.config["CACHE_TYPE"] = "SimpleCache"
cache = Cache(app)
```

```procfile bad Procfile
web: gunicorn -w 4 app:app
```

```python bad app.py {5}
from flask import Flask
from flask_caching import Cache

app = Flask(__name__)
cache = Cache(app, config={"CACHE_TYPE": "flask_caching.backends.simple"})
```

```python good app.py
from flask import Flask
from flask_caching import Cache

app = Flask(__name__)
app.config["CACHE_TYPE"] = "RedisCache"
cache = Cache(app)
if app.debug:
    app.config["CACHE_TYPE"] = "SimpleCache"
```

```python good app.py
from flask import Flask
from flask_caching import Cache

app = Flask(__name__)
cache = Cache(app, config={"CACHE_TYPE": "SimpleCache"})
```

```dockerfile good Dockerfile
FROM python:3.13-slim
COPY . .
CMD ["gunicorn", "-b", "0.0.0.0:8000", "--threads", "8", "app:app"]
```

```yaml good compose.yaml
services:
  web:
    build: .
    deploy:
      replicas: 1
```
"""

from collections.abc import Iterator

from flask_preflight.artifacts.application import Application
from flask_preflight.artifacts.source import Value
from flask_preflight.facts import lower
from flask_preflight.result import Location
from flask_preflight.rule import Message, Result, Results, rule

EACH = Message("each process of {0} has a cache of its own: they answer differently")
MEMORY = ("simple", "simplecache")
DISK = ("filesystem", "filesystemcache")


@rule("FLK503", "per-process-cache", "warning", "scaling")
def check(application: Application) -> Results:
    for value, where in _types(application):
        kind = value.text.rpartition(".")[2].lower()
        multi = application.multi if kind in MEMORY else application.replicated
        if kind not in MEMORY + DISK or multi is False:
            continue
        level = "warning" if multi else lower("warning")
        yield Result(where, EACH(application.title), level=lower(level, value.kind == "env"))


def _types(application: Application) -> Iterator[tuple[Value, Location]]:
    for found in application.production("CACHE_TYPE"):
        yield found.value, found.location
    for call in application.extensions("Cache"):
        given = call.argument("config")
        pairs = dict(given.literal) if given is not None and given.kind == "mapping" else {}
        if "CACHE_TYPE" in pairs:
            yield pairs["CACHE_TYPE"], pairs["CACHE_TYPE"].location
