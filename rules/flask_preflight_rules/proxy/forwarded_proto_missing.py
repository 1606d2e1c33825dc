"""The proxy takes HTTPS and does not tell the application, which believes in clear text.

Links in mails, redirects and canonical addresses then begin with `http://`, and cookies that are
for HTTPS only are never set.

Fix: `proxy_set_header X-Forwarded-Proto $scheme;`, and `ProxyFix` with `x_proto=1` in the
application.

Sources: Flask, "Tell Flask it is Behind a Proxy".

```nginx bad nginx.conf {6}
server {
  listen 443 ssl;
  server_name shop.example.org;
  proxy_set_header Host $host;
  proxy_set_header X-Forwarded-For $remote_addr;
  location / { proxy_pass http://127.0.0.1:8000; }
}
```

```python bad app.py
from flask import Flask

app = Flask(__name__)
```

```nginx fixed nginx.conf
server {
  listen 443 ssl;
  server_name shop.example.org;
  proxy_set_header X-Forwarded-Proto $scheme;
  proxy_set_header Host $host;
  proxy_set_header X-Forwarded-For $remote_addr;
  location / { proxy_pass http://127.0.0.1:8000; }
}
```

```nginx good nginx.conf
server {
  listen 443 ssl;
  server_name shop.example.org;
  proxy_set_header Host $host;
  proxy_set_header X-Forwarded-For $remote_addr;
  proxy_set_header X-Forwarded-Proto $scheme;
  location / { proxy_pass http://127.0.0.1:8000; }
}
server {
  listen 443 ssl;
  server_name old.example.org;
  location / { include proxy_params; proxy_pass http://127.0.0.1:8000; }
  location /u { include uwsgi_params; uwsgi_pass 127.0.0.1:3031; }
}
server {
  listen 80;
  server_name plain.example.org;
  location / { proxy_pass http://127.0.0.1:8000; }
}
```

```python good app.py
from flask import Flask

app = Flask(__name__)
```
"""

from flask_preflight.artifacts.proxy import Proxy
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.proxy._sites import (
    ADDRESSES,
    NAMES,
    app_routes,
    lost_headers,
    with_header,
)

CLEAR = Message("the application believes that clients come without HTTPS, so links begin so")
SCHEMES = frozenset(
    "x-forwarded-proto x-forwarded-ssl x-forwarded-scheme x-scheme forwarded front-end-https "
    "https request_scheme".split()
)
HEADER = "X-Forwarded-Proto $scheme"


@rule("NGX102", "forwarded-proto-missing", "warning", "security", sees="absent")
def check(proxy: Proxy) -> Results:
    for site in proxy.sites:
        for route in app_routes(site):
            # What a known application trusts and lacks is said of both by FLK401 and DEP119.
            if not site.tls or site.leads_to_flask(route) or lost_headers(proxy, route)[0]:
                continue
            headers = route.headers
            if headers is None or SCHEMES & headers or not route.target.startswith("http://"):
                continue
            # Where nothing at all is told, the rules about the name and the address speak.
            if NAMES & headers and ADDRESSES & headers:
                yield Result(route.location, CLEAR(), fix=with_header(proxy, route, HEADER))
                break
