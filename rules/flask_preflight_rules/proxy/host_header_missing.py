"""The application takes the name of its container for its own.

Links in mails and redirects lead to `http://web:8000`, where no client gets. Without the address of
the client as well, all visitors look like one.

Fix: `proxy_set_header Host $host;`.

Sources: nginx, "Module ngx_http_proxy_module: proxy_set_header"; Flask, "nginx".

```nginx bad nginx.conf {5,12,18}
server {
  listen 80;
  server_name a.example.org;
  location / {
    proxy_pass http://web:8000;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
  }
}
server {
  listen 80;
  server_name b.example.org;
  location / { proxy_pass http://web:8000; }
}
server {
  listen 80;
  server_name c.example.org;
  proxy_set_header Host $proxy_host;
  location / { proxy_pass http://web:8000; }
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
  search:
    image: opensearchproject/opensearch:3
  proxy:
    image: nginx:1.29
    volumes: ["./nginx.conf:/etc/nginx/conf.d/default.conf:ro"]
```

```nginx fixed nginx.conf
server {
  listen 80;
  server_name a.example.org;
  location / {
    proxy_pass http://web:8000;
    proxy_set_header Host $host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
  }
}
server {
  listen 80;
  server_name b.example.org;
  location / { proxy_set_header Host $host; proxy_pass http://web:8000; }
}
server {
  listen 80;
  server_name c.example.org;
  proxy_set_header Host $host;
  location / { proxy_pass http://web:8000; }
}
```

```nginx good nginx.conf
upstream shop { server web:8000; }
server {
  listen 80;
  server_name a.example.org;
  proxy_set_header Host $host;
  proxy_set_header X-Forwarded-For $remote_addr;
  location / { proxy_pass http://shop; }
  location /search/ { proxy_pass http://search:9200; proxy_set_header X-Search yes; }
  location /partner/ { proxy_pass https://api.example.com; proxy_set_header X-Key $key; }
}
server {
  listen 80;
  server_name b.example.org;
  location / {
    proxy_pass http://shop;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_set_header X-Forwarded-Host $host;
    proxy_set_header X-Forwarded-Prefix /;
  }
}
server {
  listen 80;
  server_name c.example.org;
  location / { proxy_pass http://shop; include proxy_params; }
  location /other { proxy_pass http://shop; include snippets/headers.conf; }
}
server {
  listen 80;
  server_name d.example.org;
  location / { include uwsgi_params; uwsgi_pass web:3031; }
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
  search:
    image: opensearchproject/opensearch:3
  proxy:
    image: nginx:1.29
    volumes: ["./nginx.conf:/etc/nginx/conf.d/default.conf:ro"]
```
"""

from flask_preflight.artifacts.proxy import Proxy, ProxyRoute, split_scheme
from flask_preflight.rule import Fix, Message, Result, Results, rule
from flask_preflight_rules.proxy._sites import (
    ADDRESSES,
    NAMES,
    app_routes,
    lost_headers,
    with_header,
)

INNER = Message("the application takes {0} for its own name, and links lead there", "name")
NEITHER = Message(
    "the application takes {0} for its own name, and the proxy for its only client", "both"
)
WRONG = ("$proxy_host", "localhost", "127.0.0.1")


@rule("NGX103", "host-header-missing", "warning", "configuration", sees="absent")
def check(proxy: Proxy) -> Results:
    for site in proxy.sites:
        for route in app_routes(site):
            if _lacks_name(route) and not lost_headers(proxy, route)[0]:
                address = ADDRESSES & (route.headers or frozenset())
                name = split_scheme(route.target, "")[0].partition("/")[0]
                said = INNER if address else NEITHER
                fix = _fix(proxy, route)
                yield Result(route.location, said(name or "another name"), fix=fix)
                break


def _fix(proxy: Proxy, route: ProxyRoute) -> Fix | None:
    if route.sets.get("host") not in WRONG:
        return with_header(proxy, route, "Host $host")
    here = next((one for one in proxy.settings if one.location == route.location), None)
    around = proxy.around(here, "proxy_set_header") if here is not None else ()
    wrong = (one for one in around if one.words and one.words[0].lower() == "host")
    written = next(wrong, None)
    return written.instead(f"{written.words[0]} $host") if written is not None else None


def _lacks_name(route: ProxyRoute) -> bool:
    """Whether it hands on the name of the upstream instead of the one that the client asked for."""
    if route.headers is None or not route.target.startswith("http://"):
        return False
    wrong = route.sets.get("host") in WRONG and "x-forwarded-host" not in route.headers
    return wrong or not NAMES & route.headers
