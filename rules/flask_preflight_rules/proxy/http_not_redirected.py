"""A site with TLS is also served without it.

Whoever types the address, or follows an old link, signs in over a connection that anybody on the
way reads and changes.

Fix: answer on port 80 with a redirect only, `return 301 https://$host$request_uri;`.

Sources: nginx, "Configuring HTTPS servers"; CWE-319.

```nginx bad deploy/nginx.conf {3}
server {
    server_name shop.example.org;
    listen 80;
    listen 443 ssl;
    ssl_certificate /etc/ssl/shop.pem;
    location / { proxy_pass http://unix:/run/shop.sock; }
}
```

```python bad app.py
from flask import Flask
app = Flask(__name__)
```

```nginx bad deploy/nginx.conf {2}
server {
    listen 80;
    server_name shop.example.org www.shop.example.org;
    location /.well-known/acme-challenge/ { root /var/www/acme; }
    location / { proxy_pass http://unix:/run/shop.sock; }
}
server {
    listen 443 ssl;
    server_name shop.example.org;
    ssl_certificate /etc/ssl/shop.pem;
    location / { proxy_pass http://unix:/run/shop.sock; }
}
```

```python bad app.py
from flask import Flask
app = Flask(__name__)
```

```nginx bad deploy/nginx.conf {2}
server {
    listen 80;
    location / { proxy_pass http://web:8000; }
}
server {
    listen 443 ssl;
    ssl_certificate /etc/ssl/shop.pem;
    location / { proxy_pass http://web:8000; }
}
```

```yaml bad compose.yaml
services:
  web:
    build: .
  nginx:
    image: nginx:1.29
    ports: ["80:80", "443:443"]
    volumes: ["./deploy/nginx.conf:/etc/nginx/conf.d/default.conf"]
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
COPY app.py .
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```python bad app.py
from flask import Flask
app = Flask(__name__)
```

```nginx fixed deploy/nginx.conf
server {
    listen 80;
    return 301 https://$host$request_uri;
    location / { proxy_pass http://web:8000; }
}
server {
    listen 443 ssl;
    ssl_certificate /etc/ssl/shop.pem;
    location / { proxy_pass http://web:8000; }
}
```

```nginx good deploy/nginx.conf
server {
    listen 80;
    server_name shop.example.org;
    location / { return 301 https://$host$request_uri; }
}
server {
    listen 443 ssl;
    server_name shop.example.org;
    ssl_certificate /etc/ssl/shop.pem;
    location / { proxy_pass http://unix:/run/shop.sock; }
}
```

```nginx good certbot/nginx.conf
server {
    if ($host = shop.example.org) {
        return 301 https://$host$request_uri;
    }
    listen 80;
    server_name shop.example.org;
    return 404;
}
server {
    listen 443 ssl;
    server_name shop.example.org;
    ssl_certificate /etc/ssl/shop.pem;
    location / { proxy_pass http://unix:/run/shop.sock; }
}
```

```nginx good one/nginx.conf
server {
    listen 80;
    listen 443 ssl;
    server_name shop.example.org;
    ssl_certificate /etc/ssl/shop.pem;
    if ($scheme = http) { return 301 https://$host$request_uri; }
    location / { proxy_pass http://unix:/run/shop.sock; }
}
```

```nginx good behind/nginx.conf
server {
    listen 80;
    listen 443 ssl;
    server_name shop.example.org;
    ssl_certificate /etc/ssl/shop.pem;
    if ($http_x_forwarded_proto = http) { return 301 https://$host$request_uri; }
    location / { proxy_pass http://unix:/run/shop.sock; }
}
```

```nginx good health/nginx.conf
server {
    listen 80;
    server_name shop.example.org;
    location = /healthz { proxy_pass http://unix:/run/shop.sock; }
    location /.well-known/acme-challenge/ { proxy_pass http://unix:/run/acme.sock; }
}
server {
    listen 127.0.0.1:8080;
    server_name shop.example.org;
    location / { proxy_pass http://unix:/run/shop.sock; }
}
server {
    listen 80;
    server_name other.example.org;
    location / { proxy_pass http://unix:/run/shop.sock; }
}
server {
    listen 443 ssl;
    server_name shop.example.org;
    ssl_certificate /etc/ssl/shop.pem;
    location / { proxy_pass http://unix:/run/shop.sock; }
}
```

```python good app.py
from flask import Flask
app = Flask(__name__)
```

```nginx good deploy/nginx.conf
server {
    listen 80;
    listen 443 ssl;
    ssl_certificate /etc/ssl/shop.pem;
    location / { proxy_pass http://web:8000; }
}
```

```yaml good compose.yaml
services:
  web:
    build: .
  nginx:
    image: nginx:1.29
    ports: ["443:443"]
    volumes: ["./deploy/nginx.conf:/etc/nginx/conf.d/default.conf"]
```

```dockerfile good Dockerfile
FROM python:3.13-slim
COPY app.py .
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```python good app.py
from flask import Flask
app = Flask(__name__)
```
"""

from flask_preflight.artifacts.proxy import Proxy, Site
from flask_preflight.lazy import expression
from flask_preflight.rule import Fix, Message, Result, Results, rule
from flask_preflight_rules.proxy._sites import is_offered

CLEAR = Message("{0} is served without TLS too, so whoever comes by http:// can be listened to")
PLAIN = expression(r"/\.well-known/|.*(?:health|status|ready|live|ping)")


@rule("NGX002", "http-not-redirected", "warning", "security", "CWE-319", sees="relation")
def check(proxy: Proxy) -> Results:
    sites = [site for one in (proxy, *proxy.beside) for site in one.sites]
    if proxy.fronts or any(site.behind_another for site in sites):
        return
    for site in proxy.sites:
        if site.is_local or site.redirects_to_https or not site.clear:
            continue
        shown = any(not PLAIN.match(route.path) for route in site.routes)
        secure = next((one for one in sites if one.tls and _are_one(one, site)), None)
        if shown and secure is not None and is_offered(proxy, site, site.clear):
            names = [name for name in site.names if name != "_"]
            related = (secure.at().saying("with TLS"),) if secure is not site else ()
            said = CLEAR(names[0] if names else "the application")
            fix = _fix(proxy, site) if secure is not site else None
            yield Result(site.clear[0].location, said, related, fix)


def _fix(proxy: Proxy, site: Site) -> Fix | None:
    """A redirect for all of the site; certificates may be renewed over what else is there."""
    server = next((one for one in proxy.settings if one.location == site.location), None)
    inside = proxy.inside(server) if server is not None and proxy.product == "nginx" else []
    if any(one.name == "include" or ".well-known" in one.text for one in inside):
        return None
    rest = (one for one in inside if one.name not in ("listen", "server_name"))
    first = next(rest, None)
    return first.preceded_by("return 301 https://$host$request_uri;") if first else None


def _are_one(secure: Site, site: Site) -> bool:
    """Whether both answer to the same name; those without one answer to all that is left."""
    names = set(secure.names) & set(site.names)
    nameless = not {*secure.names, *site.names} - {"_", ""}
    return secure is site or bool(names - {"_"}) or nameless
