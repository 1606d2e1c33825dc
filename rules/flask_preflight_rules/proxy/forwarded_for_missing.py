"""The application takes the proxy for its only client.

Its logs and limits know one address: one visitor who is refused is all visitors.

Fix: `proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;`, and `ProxyFix` in the
application.

Sources: Flask, "nginx"; Flask, "Tell Flask it is Behind a Proxy".

```nginx bad nginx.conf {5}
server {
  listen 80;
  server_name a.example.org;
  location / {
    proxy_pass http://web:8000;
    proxy_set_header Host $host;
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
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header Host $host;
  }
}
```

```nginx good nginx.conf
server {
  listen 80;
  server_name a.example.org;
  proxy_set_header Host $host;
  proxy_set_header X-Real-IP $remote_addr;
  location / { proxy_pass http://web:8000; }
  location /search/ { proxy_pass http://search:9200; proxy_set_header Host $host; }
}
server {
  listen 80;
  server_name b.example.org;
  location / { include uwsgi_params; uwsgi_pass web:8000; }
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

from flask_preflight.artifacts.proxy import Proxy
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.proxy._sites import (
    ADDRESSES,
    NAMES,
    app_routes,
    lost_headers,
    with_header,
)

ONE = Message("the application takes the proxy for its only client: no header tells the address")
HEADER = "X-Forwarded-For $proxy_add_x_forwarded_for"


@rule("NGX101", "forwarded-for-missing", "warning", "observability", sees="absent")
def check(proxy: Proxy) -> Results:
    for site in proxy.sites:
        for route in app_routes(site):
            headers = route.headers
            is_http = route.target.startswith(("http://", "https://"))
            # Where the name is missing as well, that is said of both.
            if headers is None or not is_http or lost_headers(proxy, route)[0]:
                continue
            if NAMES & headers and not ADDRESSES & headers:
                yield Result(route.location, ONE(), fix=with_header(proxy, route, HEADER))
                break
