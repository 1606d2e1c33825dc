"""The proxy does not let clients change over to a WebSocket.

Socket.IO goes on asking by one request after the other, which holds workers and delays every event;
a client that allows WebSockets only does not connect at all.

Fix: in the location of `/socket.io`: `proxy_http_version 1.1;`, `proxy_set_header Upgrade
$http_upgrade;` and `proxy_set_header Connection "Upgrade";`.

Intended: when clients shall only poll; say so with `allow_upgrades=False`.

Sources: Flask-SocketIO, "Deployment: Using nginx as a WebSocket Reverse Proxy"; nginx, "WebSocket
proxying".

```nginx bad nginx.conf {9}
server {
    listen 443 ssl;
    ssl_certificate /etc/ssl/shop.pem;
    proxy_http_version 1.1;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection "upgrade";
    location /static/ { root /srv; }
    location /socket.io {
        proxy_pass http://web:8000;
        proxy_set_header Host $host;
    }
}
```

```nginx bad other.conf {5,12,19}
server {
    listen 443 ssl;
    server_name a.example.org;
    location / {
        proxy_pass http://web:8000;
        proxy_http_version 1.1;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection keep-alive;
    }
}
server {
    location / { include uwsgi_params; uwsgi_pass web:8000; }
}
server {
    listen 443 ssl;
    server_name b.example.org;
    location / { try_files $uri @app; }
    location @app {
        proxy_pass http://web:8000;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection $connection_upgrade;
    }
}
```

```python bad app.py
from flask import Flask
from flask_socketio import SocketIO

app = Flask(__name__)
socketio = SocketIO(app)
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
COPY . .
CMD ["gunicorn", "-k", "gevent", "-b", "0.0.0.0:8000", "app:app"]
```

```yaml bad compose.yaml
services:
  web:
    build: .
  proxy:
    image: nginx:1.28
    volumes:
      - ./nginx.conf:/etc/nginx/conf.d/default.conf
      - ./other.conf:/etc/nginx/conf.d/other.conf
```

```nginx good nginx.conf
map $http_upgrade $connection_upgrade {
    default upgrade;
    ''      close;
}
server {
    listen 443 ssl;
    server_name a.example.org;
    location / { proxy_pass http://web:8000; proxy_set_header Host $host; }
    location /socket.io {
        proxy_pass http://web:8000;
        proxy_http_version 1.1;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection $connection_upgrade;
    }
}
server {
    listen 443 ssl;
    server_name b.example.org;
    location / {
        proxy_pass http://web:8000;
        include snippets/sockets.conf;
    }
}
server {
    listen 443 ssl;
    server_name c.example.org;
    location / { proxy_pass http://web:8000; }
    location ~ ^/(socket.io|events) { proxy_pass http://web:8000; include snippets/s.conf; }
}
```

```python good app.py
from flask import Flask
from flask_socketio import SocketIO

app = Flask(__name__)
socketio = SocketIO(app)
```

```dockerfile good Dockerfile
FROM python:3.13-slim
COPY . .
CMD ["gunicorn", "-k", "gevent", "-b", "0.0.0.0:8000", "app:app"]
```

```yaml good compose.yaml
services:
  web:
    build: .
  proxy:
    image: nginx:1.28
    volumes: ["./nginx.conf:/etc/nginx/conf.d/default.conf"]
```

```nginx good nginx.conf
server {
    listen 443 ssl;
    location / { proxy_pass http://web:8000; }
}
```

```python good app.py
from flask import Flask
from flask_socketio import SocketIO

app = Flask(__name__)
socketio = SocketIO(app, allow_upgrades=False)
```

```dockerfile good Dockerfile
FROM python:3.13-slim
COPY . .
CMD ["gunicorn", "-k", "gevent", "-b", "0.0.0.0:8000", "app:app"]
```

```yaml good compose.yaml
services:
  web:
    build: .
  proxy:
    image: nginx:1.28
    volumes: ["./nginx.conf:/etc/nginx/conf.d/default.conf"]
```
"""

from collections.abc import Iterator

from flask_preflight.artifacts.application import Application
from flask_preflight.artifacts.proxy import Proxy, ProxyRoute, Site
from flask_preflight.result import Location
from flask_preflight.rule import Message, Result, Results, rule

MISSING = Message(
    "sockets of {0} are not passed on: {1} is missing, so clients ask again and again"
)
UWSGI = Message("uwsgi_pass passes no sockets of {0} on, so clients ask again and again", "uwsgi")


@rule("NGX405", "websocket-headers-missing", "warning", "configuration", sees="relation")
def check(proxy: Proxy) -> Results:
    # Caddy passes sockets on by itself.
    for site in proxy.sites if proxy.product == "nginx" else ():
        for path, made in _sockets(site):
            route = site.route(path)
            if route is None or route.headers is None:
                continue
            related = (made.saying("what clients connect to"),)
            if any(one.scheme == "uwsgi" for one in route.upstreams):
                yield Result(route.location, UWSGI(path), related)
            elif missing := _missing(route):
                yield Result(route.location, MISSING(path, missing), related)


def _sockets(site: Site) -> Iterator[tuple[str, Location]]:
    """The paths at which the applications behind a site take sockets, and where they are made."""
    applications: dict[int, Application] = {
        id(one.application): one.application for one in site.entries if one.application is not None
    }
    for application in applications.values():
        calls = [one for one in application.extensions("SocketIO") if "socketio" in one.name]
        if not calls:
            continue
        given = [*calls, *application.extensions("init_app")]
        polls = any(one.argument("allow_upgrades", "transports") for one in given)
        written = next((found for one in calls if (found := one.argument("path"))), None)
        path = "socket.io" if written is None else written.text
        if not polls and path:
            yield f"/{path.strip('/')}/", calls[0].location


def _missing(route: ProxyRoute) -> str:
    """What a route lacks for a change of protocol; empty where nothing."""
    connection = route.sets.get("connection", "").lower()
    if not route.sets.get("upgrade"):
        return "the header Upgrade"
    if "upgrade" not in connection and "$" not in connection:
        return "the header Connection: upgrade"
    return "" if route.version == "1.1" else "proxy_http_version 1.1"
