"""A proxy sends a prefix on to an application that has no route under it.

The proxy does not take the prefix off, so every request gets 404.

Fix: take it off (`proxy_pass http://web:8000/;` with a slash at the end, `rewrite-target` at an
Ingress), or give the blueprints this `url_prefix`. `APPLICATION_ROOT` adds no prefix.

Sources: nginx, "Module ngx_http_proxy_module: proxy_pass"; Flask, "Application Dispatching".

```python bad app.py
from flask import Flask

app = Flask(__name__)


@app.get("/users")
def users():
    return []
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
```

```nginx bad nginx.conf {3}
server {
  listen 80;
  location /api/ { proxy_pass http://web:8000; }
}
```

```yaml bad compose.yaml
services:
  web:
    build: .
  proxy:
    image: nginx:1.29
    volumes: ["./nginx.conf:/etc/nginx/conf.d/default.conf:ro"]
```

```python good app.py
from flask import Flask

app = Flask(__name__)


@app.get("/users")
def users():
    return []


@app.get("/v2/users")
def more():
    return []
```

```dockerfile good Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
```

```nginx good nginx.conf
server {
  listen 80;
  location /api/ { proxy_pass http://web:8000/; }
  location /v2/ { proxy_pass http://web:8000; }
  location / { proxy_pass http://web:8000; }
}
```

```yaml good compose.yaml
services:
  web:
    build: .
  proxy:
    image: nginx:1.29
    volumes: ["./nginx.conf:/etc/nginx/conf.d/default.conf:ro"]
```
"""

from flask_preflight.artifacts.application import Application
from flask_preflight.artifacts.proxy import Proxy, ProxyRoute, split_scheme
from flask_preflight.facts import Entry
from flask_preflight.rule import Message, Result, Results, rule

NOTHING = Message("requests below {0} reach {1} with the prefix, and none of its routes begins so")
MOUNTS = ("DispatcherMiddleware", "PrefixMiddleware", "ReverseProxied", "PathInfoDispatcher")


@rule("DEP032", "prefix-not-served", "error", "scaling", sees="relation")
def check(proxy: Proxy) -> Results:
    for site in proxy.sites:
        for route in site.routes:
            entries = site.behind.get(route.location, ())
            if not _keeps_prefix(proxy, route) or len(entries) != 1:
                continue
            application = entries[0].application
            if application is not None and not _serves(entries[0], application, route.path):
                related = tuple(one.location for one in application.nearest(route.path, 2))
                yield Result(route.location, NOTHING(route.path, entries[0].title), related)


def _keeps_prefix(proxy: Proxy, route: ProxyRoute) -> bool:
    """Whether the application gets the path as the client wrote it."""
    if route.match != "prefix" or route.path == "/" or not route.path.endswith("/"):
        return False
    if route.rewritten:
        return False
    written = "/" in split_scheme(route.target, "")[0] or "$" in route.target
    here = next((one for one in proxy.settings if one.location == route.location), None)
    if here is None or written or route.target.startswith("uwsgi"):
        return False
    # The root of the server may be rewritten before it is forwarded.
    return not any(proxy.around(here, "rewrite", "include"))


def _serves(entry: Entry, application: Application, prefix: str) -> bool:
    if not application.knows_all_routes or application.may_answer or not application.routes:
        return True
    if (
        any(application.extensions(*MOUNTS))
        or entry.environment.provides("SCRIPT_NAME") is not False
    ):
        return True
    trusted = any(call.argument("x_prefix") for call in application.extensions("ProxyFix"))
    bare = prefix.rstrip("/")
    return trusted or any(
        path.startswith((prefix, bare + "<", "/<")) or path == bare for path in application.paths
    )
