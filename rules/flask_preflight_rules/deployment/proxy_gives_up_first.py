"""The proxy answers 504 while the worker still works on the request.

The client tries again, and what the first request had begun is done twice: the worker goes on until
its own time is over.

Fix: give the worker less time than the proxy, `--timeout` of Gunicorn or `harakiri` of uWSGI.

Sources: nginx, "proxy_read_timeout"; Gunicorn, "Settings: timeout".

```python bad app.py
from flask import Flask

app = Flask(__name__)
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "--timeout", "180", "app:app"]
```

```yaml bad compose.yaml
services:
  web:
    build: .
  proxy:
    image: nginx:1.29
    ports: ["80:80"]
    volumes: ["./nginx.conf:/etc/nginx/conf.d/default.conf:ro"]
```

```nginx bad nginx.conf {4,8}
server {
  listen 80;
  location / {
    proxy_pass http://web:8000;
  }
  location /api {
    proxy_pass http://web:8000;
    proxy_read_timeout 2m;
  }
}
```

```python good app.py
from flask import Flask

app = Flask(__name__)
```

```dockerfile good Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "--timeout", "180", "app:app"]
```

```yaml good compose.yaml
services:
  web:
    build: .
  proxy:
    image: nginx:1.29
    ports: ["80:80"]
    volumes: ["./nginx.conf:/etc/nginx/conf.d/default.conf:ro"]
```

```nginx good nginx.conf
server {
  listen 80;
  proxy_read_timeout 3m;
  location / {
    proxy_pass http://web:8000;
  }
}
```
"""

from flask_preflight.artifacts.proxy import Proxy, ProxyRoute, seconds
from flask_preflight.artifacts.setting import Setting
from flask_preflight.facts import Entry
from flask_preflight.rule import Message, Result, Results, rule

EARLY = Message("{0} answers 504 after {1} s, but a worker of {2} may work for {3} s")
DEFAULT = 60.0


@rule("DEP111", "proxy-gives-up-first", "warning", "wsgi", sees="relation")
def check(proxy: Proxy) -> Results:
    for site in proxy.sites:
        for route in site.routes:
            for entry in site.behind.get(route.location, ())[:1]:
                yield from _early(proxy, route, entry)


def _early(proxy: Proxy, route: ProxyRoute, entry: Entry) -> Results:
    limit = _longest(entry)
    scheme = route.upstreams[0].scheme if route.upstreams else "http"
    name = "uwsgi_read_timeout" if scheme == "uwsgi" else "proxy_read_timeout"
    patience = proxy.effective(route, name)
    if limit is None or patience is None:
        return
    waits = DEFAULT if patience == "default" else seconds(patience.text)
    where = route.location if patience == "default" else patience.location
    if waits is not None and waits < limit.value:
        related = (limit.location.saying("the time of the worker"),)
        yield Result(where, EARLY(proxy.product, f"{waits:g}", entry.title, limit.value), related)


def _longest(entry: Entry) -> Setting | None:
    """How long a request may take; of Gunicorn's workers only "sync" ones stop a request."""
    server = entry.server
    if server is None or server.kind not in ("gunicorn", "uwsgi"):
        return None
    name = "harakiri" if server.kind == "uwsgi" else "timeout"
    limit = server.setting(name)
    if limit is None or not limit.known or limit.default:
        return None
    if type(limit.value) is not int or not limit.value:
        return None
    if server.kind == "gunicorn":
        worker, threads = server.setting("worker_class"), server.setting("threads")
        if worker is None or worker.value != "sync" or threads is None or threads.value != 1:
            return None
    return limit
