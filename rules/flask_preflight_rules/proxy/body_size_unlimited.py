"""Clients may send as much as they like.

The proxy writes what they send to its disk before the application sees it: one client fills it.

Fix: `client_max_body_size 16m;`, and more only in the location that takes uploads.

Intended: where large files are what the service is for, as in a registry.

Sources: nginx, "Module ngx_http_core_module: client_max_body_size"; CWE-770.

```nginx bad nginx.conf {3,5,9}
server {
  listen 80;
  client_max_body_size 0;
  location / { proxy_pass http://127.0.0.1:8000; }
  location /import { proxy_pass http://127.0.0.1:8000; client_max_body_size 4G; }
}
server {
  listen 8080;
  location / { proxy_pass http://127.0.0.1:8000; client_max_body_size 2048m; }
}
```

```python bad app.py
from flask import Flask

app = Flask(__name__)
```

```nginx good nginx.conf
client_max_body_size 16m;
server {
  listen 80;
  location / { proxy_pass http://127.0.0.1:8000; }
  location /v2/ { proxy_pass http://127.0.0.1:5000; client_max_body_size 0; }
  location /git { proxy_pass http://127.0.0.1:8000; client_max_body_size 0; }
  location /upload { proxy_pass http://127.0.0.1:8000; client_max_body_size 1g; }
  location /other { proxy_pass http://127.0.0.1:8000; client_max_body_size $size; }
}
```

```python good app.py
from flask import Flask

app = Flask(__name__)
```
"""

import re

from flask_preflight.artifacts.proxy import Proxy
from flask_preflight.lazy import expression
from flask_preflight.rule import Level, Message, Result, Results, rule

ANY = Message("clients may send as much as they like, until the disk of the proxy is full", "any")
MUCH = Message("each request may fill {0} of the disk of the proxy", "much")
SIZE = expression(r"(\d{1,12})([kmg]?)\Z", re.IGNORECASE)
FACTORS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
STORES = expression(r"/v2\b|registry|git\b|dav\b|lfs\b|packages|blobs")
"""Paths of services that are made for large files."""


@rule("NGX401", "body-size-unlimited", "warning", "security", "CWE-770")
def check(proxy: Proxy) -> Results:
    if proxy.sites and all(site.serves_flask is False for site in proxy.sites):
        return
    for one in proxy.given("client_max_body_size"):
        found = SIZE.match(one.text)
        if found is None or one.block.startswith("location") and STORES.search(one.block):
            continue
        size = int(found[1]) * FACTORS[found[2].lower()]
        level: Level = "note" if size or _is_limited(proxy) else "warning"
        if not size or size > FACTORS["g"]:
            yield Result(one.location, MUCH(one.text) if size else ANY(), level=level)


def _is_limited(proxy: Proxy) -> bool:
    """Whether every application behind it refuses what is too large."""
    entries = [entry for site in proxy.sites for entry in site.entries]
    made = [entry.application for entry in entries if entry.application is not None]
    return bool(made) and all(one.production("MAX_CONTENT_LENGTH") for one in made)
