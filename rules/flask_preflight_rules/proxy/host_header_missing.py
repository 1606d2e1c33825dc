"""The application believes that it is called by the name of its container.

Links in mails and redirects lead to `http://web:8000`, where no client gets.

Fix: `proxy_set_header Host $host;`.

Sources: nginx, "Module ngx_http_proxy_module: proxy_set_header"; Flask, "nginx".

```nginx bad nginx.conf {7}
events {}
http {
server {
  listen 80;
  location / {
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_pass http://web:8000;
  }
}
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
    image: nginx:1.29
    volumes: ["./nginx.conf:/etc/nginx/nginx.conf:ro"]
```

```nginx good nginx.conf
events {}
http {
server {
  listen 80;
  location / {
    proxy_set_header Host $host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_pass http://web:8000;
  }
}
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
  proxy:
    image: nginx:1.29
    volumes: ["./nginx.conf:/etc/nginx/nginx.conf:ro"]
```
"""

from flask_preflight.artifacts.proxy import Proxy
from flask_preflight.rule import Message, Result, Results, rule

INNER = Message("the application sees the name of its container as its own, and links lead there")
NAMES = frozenset(("host", "x-forwarded-host"))


@rule("NGX103", "host-header-missing", "warning", "configuration", sees="absent")
def check(proxy: Proxy) -> Results:
    for site in proxy.sites:
        for route in site.routes:
            http = any(one.scheme == "http" for one in route.upstreams)
            known = route.headers is not None and http and site.serves_flask is not False
            if known and not NAMES & (route.headers or frozenset()):
                yield Result(route.location, INNER())
                return
