"""The proxy ends TLS and does not say so, and the application redirects every request to HTTPS.

The redirect leads back to the same proxy, which again forwards it in clear text: browsers give up
with "too many redirects".

Fix: `proxy_set_header X-Forwarded-Proto $scheme;` where the proxy forwards.

Sources: Flask-Talisman, "Options: force_https"; nginx, "proxy_set_header".

```python bad app.py
from flask import Flask
from flask_talisman import Talisman

app = Flask(__name__)
Talisman(app)
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
    ports: ["443:443"]
    volumes: ["./nginx.conf:/etc/nginx/conf.d/default.conf:ro"]
```

```nginx bad nginx.conf {8}
server {
  listen 443 ssl;
  ssl_certificate /etc/tls/shop.crt;
  ssl_certificate_key /etc/tls/shop.key;
  proxy_set_header X-Forwarded-Proto $scheme;
  location / {
    proxy_set_header Host $host;
    proxy_pass http://web:8000;
  }
}
```

```python good app.py
from flask import Flask
from flask_talisman import Talisman

app = Flask(__name__)
Talisman(app)
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
    ports: ["443:443"]
    volumes: ["./nginx.conf:/etc/nginx/conf.d/default.conf:ro"]
```

```nginx good nginx.conf
server {
  listen 443 ssl;
  ssl_certificate /etc/tls/shop.crt;
  ssl_certificate_key /etc/tls/shop.key;
  proxy_set_header X-Forwarded-Proto $scheme;
  location / {
    proxy_pass http://web:8000;
  }
}
```
"""

from flask_preflight.artifacts.proxy import Proxy
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.deployment._https import forces

LOOP = Message("{0} ends TLS and does not say so: {1} redirects every request to itself")
TELLING = frozenset(("x-forwarded-proto", "x-forwarded-ssl", "x-forwarded-protocol"))


@rule("DEP118", "https-redirect-loop", "error", "security", sees="relation")
def check(proxy: Proxy) -> Results:
    for site in proxy.sites:
        # Whatever stands before it may have set the header, which nginx passes on.
        if not site.tls or site.behind_another or proxy.fronts:
            continue
        for route in site.routes:
            plain = any(one.scheme == "http" for one in route.upstreams)
            if not plain or route.headers is None or TELLING & route.headers:
                continue
            for entry in site.behind.get(route.location, ())[:1]:
                application = entry.application
                forced = forces(application) if application is not None else None
                if forced is not None:
                    said = LOOP(proxy.product, entry.title)
                    yield Result(route.location, said, (forced.saying("forces HTTPS"),))
