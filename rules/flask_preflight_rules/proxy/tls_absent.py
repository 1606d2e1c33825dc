"""nginx offers the application in clear text only.

Passwords and session cookies can be read and changed by anybody between the client and the server.

Fix: listen on 443 with `ssl` and a certificate, and answer on port 80 with a redirect to it.

Intended: when a load balancer in front of nginx ends TLS; say so where you ignore the rule.

Sources: nginx, "Configuring HTTPS servers"; CWE-319.

```nginx bad deploy/nginx.conf {2}
server {
    listen 80;
    server_name shop.example.org;
    location / {
        proxy_pass http://unix:/run/shop.sock;
    }
}
```

```python bad app.py
from flask import Flask
app = Flask(__name__)
```

```nginx bad conf/http.conf {5}
worker_processes 4;
events { worker_connections 1024; }
http {
  server {
    listen 80;
    location / { proxy_pass http://web:8000; }
    location /events { proxy_pass http://web:8000; proxy_buffering off; }
  }
}
```

```yaml bad compose.yaml
services:
  web:
    build: .
  nginx:
    image: nginx:stable
    ports: ["80:80"]
    volumes: ["./conf/http.conf:/etc/nginx/nginx.conf"]
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
COPY app.py .
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```nginx good deploy/nginx.conf
server {
    listen 80;
    server_name shop.example.org;
    return 301 https://$host$request_uri;
}
server {
    listen 443 ssl;
    server_name shop.example.org;
    ssl_certificate /etc/ssl/shop.pem;
    location / { proxy_pass http://127.0.0.1:8000; }
}
server {
    listen 127.0.0.1:8080;
    location /status { stub_status; }
}
```

```nginx good inner/nginx.conf
server {
    listen 127.0.0.1:8080;
    server_name shop.example.org;
    location / { proxy_pass http://unix:/run/shop.sock; }
}
```

```nginx good edge/nginx.conf
server {
    listen 80;
    server_name shop.example.org;
    set_real_ip_from 10.0.0.0/8;
    location / { proxy_pass http://unix:/run/shop.sock; }
}
server {
    listen 80;
    server_name api.example.org;
    location / {
        proxy_set_header X-Forwarded-Proto $http_x_forwarded_proto;
        proxy_pass http://unix:/run/shop.sock;
    }
}
```

```nginx good own/nginx.conf
server {
    listen 80;
    server_name shop.internal;
    location / { proxy_pass http://unix:/run/shop.sock; }
}
server {
    listen 80;
    server_name assets.example.org;
    root /srv/assets;
}
```

```python good app.py
from flask import Flask
app = Flask(__name__)
```

```nginx good web/nginx.conf
server {
    listen 80;
    server_name localhost;
    location / { proxy_pass http://web:8000; }
}
```

```nginx good web/secure.conf
server {
    listen 443 ssl;
    server_name shop.example.org;
    location / { proxy_pass http://web:8000; }
}
```

```nginx good sites/nginx.conf
events {}
http {
    include /etc/nginx/sites-enabled/*;
    server {
        listen 80;
        server_name shop.example.org;
        location / { proxy_pass http://web:8000; }
    }
}
```

```yaml good compose.yaml
services:
  web:
    build: .
  nginx:
    image: nginx:stable
    ports: ["127.0.0.1:8080:80"]
    volumes: ["./web/nginx.conf:/etc/nginx/conf.d/default.conf"]
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

```nginx good conf/http.conf
server {
    listen 80;
    location / { proxy_pass http://web:8000; }
}
```

```yaml good compose.yaml
services:
  web:
    build: .
  nginx:
    image: nginx:stable
    ports: ["8080:80"]
    volumes: ["./conf/http.conf:/etc/nginx/conf.d/default.conf"]
  tunnel:
    image: cloudflare/cloudflared:2025.8.1
    command: tunnel run
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

```nginx good deploy/nginx.conf
server {
    listen 80;
    server_name shop.example.org;
    location / { proxy_pass http://unix:/run/shop.sock; }
}
```

```bash good deploy/install.sh
certbot --nginx -d shop.example.org
```
"""

from flask_preflight.artifacts.proxy import Proxy
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.proxy._sites import is_offered, is_public

NAMED = Message("{0} is offered in clear text only, so sessions can be read on the way", "name")
NAMELESS = Message("the application is offered in clear text only, so sessions can be read", "port")


@rule("NGX001", "tls-absent", "warning", "security", "CWE-319", sees="absent")
def check(proxy: Proxy) -> Results:
    sites = [site for one in (proxy, *proxy.beside) for site in one.sites]
    if proxy.is_open or proxy.fronts or any(site.tls is not False for site in sites):
        return
    if any(site.behind_another for site in sites):
        return
    for site in proxy.sites:
        if site.is_local or not site.routes or site.redirects_to_https:
            continue
        names = [name for name in site.names if is_public(name)]
        if is_offered(proxy, site, site.listens):
            yield Result(site.at(), NAMED(names[0]) if names else NAMELESS())
            return
