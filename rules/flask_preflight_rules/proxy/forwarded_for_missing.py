"""The application takes the proxy for its only client.

Its logs and limits know one address: one visitor who is refused is all visitors.

Fix: `proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;`, and `ProxyFix` in the
application.

Sources: Flask, "nginx"; Flask, "Tell Flask it is Behind a Proxy".

```nginx bad nginx.conf {5}
events {}
http {
server {
  listen 80;
  location / { proxy_pass http://web:8000; }
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
    proxy_set_header X-Forwarded-Proto $scheme;
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

ONE = Message("the application takes the proxy for its only client: no header tells the address")
ADDRESSES = frozenset(("x-forwarded-for", "x-real-ip", "forwarded", "true-client-ip"))


@rule("NGX101", "forwarded-for-missing", "warning", "observability", sees="absent")
def check(proxy: Proxy) -> Results:
    for site in proxy.sites:
        for route in site.routes:
            http = any(one.scheme in ("http", "https") for one in route.upstreams)
            known = route.headers is not None and http and site.serves_flask is not False
            if known and not ADDRESSES & (route.headers or frozenset()):
                yield Result(route.location, ONE())
                return
