"""The application trusts a header that the client itself may send.

The proxy passes it on unchanged, so a client chooses its address, its host or its scheme: limits
and logs are wrong, and links lead elsewhere.

Fix: set the header in the proxy, `proxy_set_header X-Forwarded-Proto $scheme;`, or trust only those
that it sets.

Sources: Werkzeug, "X-Forwarded-For Proxy Fix"; CWE-348.

```python bad app.py {5}
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

app = Flask(__name__)
app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
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

```nginx bad nginx.conf
server {
  listen 80;
  location / {
    proxy_pass http://web:8000;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto $scheme;
  }
}
```

```python good app.py
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

app = Flask(__name__)
app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)
```

```dockerfile good Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
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
  location / {
    proxy_pass http://web:8000;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto $scheme;
  }
}
```
"""

from flask_preflight.artifacts.application import Application
from flask_preflight.artifacts.source import Value
from flask_preflight.rule import Message, Result, Results, rule

CHOSEN = Message("clients choose {0}: ProxyFix trusts it, and no proxy sets it")
HEADERS = {
    "x_for": "x-forwarded-for",
    "x_proto": "x-forwarded-proto",
    "x_host": "x-forwarded-host",
    "x_port": "x-forwarded-port",
    "x_prefix": "x-forwarded-prefix",
}


@rule("DEP119", "trusted-header-not-set", "warning", "security", "CWE-348", sees="relation")
def check(application: Application) -> Results:
    fronts = [hop for entry in application.serving for hop in entry.fronts]
    proxies = [hop for hop in fronts if hop.kind == "proxy"]
    if not proxies or any(hop.kind in ("ingress", "platform") for hop in fronts):
        return
    if any(hop.headers is None for hop in proxies):
        return
    known = frozenset().union(*(hop.headers or frozenset() for hop in proxies))
    for call in application.extensions("ProxyFix"):
        trusted = [key for key in HEADERS if _trusts(call.argument(key), key)]
        missing = [HEADERS[key] for key in trusted if HEADERS[key] not in known]
        if missing and not call.guard.branch:
            related = tuple(hop.location.saying("the proxy") for hop in proxies[:2])
            names = " and ".join(name.title() for name in missing)
            yield Result(call.location, CHOSEN(names), related)


def _trusts(value: Value | None, key: str) -> bool:
    if value is None:
        # Werkzeug trusts one proxy for the address and the scheme unless told otherwise.
        return key in ("x_for", "x_proto")
    return value.kind == "literal" and isinstance(value.literal, int) and value.literal > 0
