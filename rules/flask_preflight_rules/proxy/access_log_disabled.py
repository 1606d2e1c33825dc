"""Nothing records which requests come in.

After an incident nobody knows who asked for what.

Fix: delete the directive; switch the log off for static files and health checks only. Caddy writes
none unless the site has `log`.

Sources: nginx, "Module ngx_http_log_module: access_log"; Caddy, "log"; CWE-778.

```nginx bad nginx.conf {3}
server {
  listen 80;
  access_log off;
  location / { proxy_pass http://web:8000; }
}
```

```caddyfile bad Caddyfile {1}
shop.example.org {
        reverse_proxy web:8000
}
```

```python bad app.py
from flask import Flask

app = Flask(__name__)
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
COPY . .
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```yaml bad compose.yaml
services:
  web:
    build: .
  proxy:
    image: caddy:2
    volumes: ["./Caddyfile:/etc/caddy/Caddyfile:ro"]
```

```caddyfile good Caddyfile
shop.example.org {
        log
        reverse_proxy web:8000
}
api.example.org {
        reverse_proxy api:8000
}
```

```python good app.py
from flask import Flask

app = Flask(__name__)
```

```dockerfile good Dockerfile
FROM python:3.13-slim
COPY . .
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```yaml good compose.yaml
services:
  web:
    build: .
  api:
    build: .
    command: gunicorn -b 0.0.0.0:8000 --access-logfile - app:app
  proxy:
    image: caddy:2
    volumes: ["./Caddyfile:/etc/caddy/Caddyfile:ro"]
```

```nginx good nginx.conf
server {
  listen 80;
  location /static/ { access_log off; }
  location = /healthz { access_log off; }
}
```
"""

from collections.abc import Iterator

from flask_preflight.artifacts.proxy import Proxy, Site
from flask_preflight.facts import Entry
from flask_preflight.lazy import expression
from flask_preflight.rule import Message, Result, Results, rule

UNSEEN = Message("nothing records which requests come in")
ASIDE = expression(r"static|assets|media|favicon|robots|health|status|ping|\\\.|up\b|live|ready")


@rule("NGX601", "access-log-disabled", "warning", "observability", "CWE-778")
def check(proxy: Proxy) -> Results:
    for one in proxy.given("access_log"):
        off = one.words[:1] in (("off",), ("/dev/null",))
        aside = one.block.startswith("location") and ASIDE.search(one.block) is not None
        if off and not aside and not one.block.startswith("if"):
            yield Result(one.location, UNSEEN())
    for site in _unseen_by_caddy(proxy) if proxy.product == "caddy" else ():
        yield Result(site.location, UNSEEN(), level="note")


def _unseen_by_caddy(proxy: Proxy) -> Iterator[Site]:
    """The sites without a log of which the server behind writes none either."""
    logged = {one.blocks[:1] for one in proxy.given("log", "import")}
    blocks = {one.location: one.written for one in proxy.settings if not one.blocks}
    for site in proxy.sites:
        block = blocks.get(site.location)
        quiet = bool(site.entries) and all(map(_is_quiet, site.entries))
        if quiet and block is not None and block.starts[:1] not in logged:
            yield site


def _is_quiet(entry: Entry) -> bool:
    """Whether neither the server nor the application writes about requests."""
    server, application = entry.server, entry.application
    if server is None or server.kind != "gunicorn" or application is None:
        return False
    log = server.setting("accesslog")
    told = any(use.what == "request" for use in application.log_uses)
    return log is not None and log.known and not log.value and not told
