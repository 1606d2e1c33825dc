"""Flask-SocketIO has several servers behind a proxy that sends each request to another one.

A session of long polling consists of many requests, which only the process knows that opened it.
Every other server answers 400, "Invalid session", so most clients never connect.

Fix: `ip_hash;` in the upstream; `lb_policy cookie` in Caddy's `reverse_proxy`.

Intended: server and clients that use no transport but WebSocket.

Sources: Flask-SocketIO, "Deployment: Using nginx as a WebSocket Reverse Proxy".

```nginx bad nginx.conf {1}
upstream shop {
  server 10.0.0.1:8000;
  server 10.0.0.2:8000;
}
server {
  listen 80;
  server_name shop.example.org;
  location / { proxy_pass http://shop; }
}
```

```python bad app.py
from flask import Flask
from flask_socketio import SocketIO

app = Flask(__name__)
socketio = SocketIO(app, message_queue="redis://cache")
```

```nginx fixed nginx.conf
upstream shop {
  ip_hash;
  server 10.0.0.1:8000;
  server 10.0.0.2:8000;
}
server {
  listen 80;
  server_name shop.example.org;
  location / { proxy_pass http://shop; }
}
```

```caddyfile bad Caddyfile {2}
shop.example.org {
        reverse_proxy 10.0.0.1:8000 10.0.0.2:8000
}
```

```python bad app.py
from flask import Flask
from flask_socketio import SocketIO

app = Flask(__name__)
socketio = SocketIO(app, message_queue="redis://cache")
```

```caddyfile good Caddyfile
shop.example.org {
        reverse_proxy 10.0.0.1:8000 10.0.0.2:8000 {
                lb_policy cookie
        }
}
one.example.org {
        reverse_proxy 10.0.0.1:8000
}
```

```nginx good nginx.conf
upstream shop {
  ip_hash;
  server 10.0.0.1:8000;
  server 10.0.0.2:8000;
}
upstream spare {
  server 10.0.0.1:8000;
  server 10.0.0.2:8000 backup;
}
server {
  listen 80;
  server_name shop.example.org;
  location / { proxy_pass http://shop; }
  location /spare { proxy_pass http://spare; }
}
```

```python good app.py
from flask import Flask
from flask_socketio import SocketIO

app = Flask(__name__)
socketio = SocketIO(app, message_queue="redis://cache")
```
"""

from collections.abc import Iterator

from flask_preflight.artifacts.application import Application
from flask_preflight.artifacts.proxy import Proxy, ProxySetting
from flask_preflight.facts import Deployment
from flask_preflight.rule import Fix, Message, Result, Results, rule

TORN = Message("clients get 400, Invalid session: {0} sends each request to another server")
KEEPING = (("cookie",), ("ip_hash",), ("client_ip_hash",), ("header",))
STICKY = frozenset("ip_hash hash sticky sticky_cookie_insert jvm_route".split())


@rule("NGX503", "session-stickiness-missing", "error", "scaling", sees="relation")
def check(deployment: Deployment) -> Results:
    polling = [one for one in deployment.applications if _polls(one)]
    if not polling or any(not _polls(one) for one in deployment.applications if one.known):
        return
    for proxy in deployment[Proxy]:
        if proxy.role != "production":
            continue
        for upstream in proxy.given("upstream"):
            if _is_torn(proxy, upstream):
                where = polling[0].at().saying("Flask-SocketIO")
                fix = _fix(proxy, upstream)
                yield Result(upstream.location, TORN(upstream.text), (where,), fix)
        for setting in _torn_by_caddy(proxy) if proxy.product == "caddy" else ():
            where = polling[0].at().saying("Flask-SocketIO")
            yield Result(setting.location, TORN("Caddy"), (where,))


def _polls(application: Application) -> bool:
    """Whether it has Flask-SocketIO, with all of its transports."""
    calls = list(application.extensions("SocketIO"))
    return bool(calls) and not any(call.argument("transports") for call in calls)


def _torn_by_caddy(proxy: Proxy) -> Iterator[ProxySetting]:
    """What forwards to several servers and keeps no client at one."""
    several = {
        route.location
        for site in proxy.sites
        for route in site.routes
        if len(route.upstreams) > 1 and site.leads_to_flask(route) is not False
    }
    for setting in proxy.given("reverse_proxy"):
        if setting.location in several and not any(map(_may_keep, proxy.inside(setting))):
            yield setting


def _may_keep(line: ProxySetting) -> bool:
    return line.name == "import" or line.name == "lb_policy" and line.words[:1] in KEEPING


def _fix(proxy: Proxy, upstream: ProxySetting) -> Fix | None:
    """Stickiness by address; it takes no spare servers, and there is one method only."""
    inside = [one for one in proxy.settings if one.block == f"upstream {upstream.text}"]
    methods = any(one.name in ("least_conn", "random", "least_time") for one in inside)
    servers = [one for one in inside if one.name == "server"]
    if methods or any("backup" in one.words for one in servers):
        return None
    return servers[0].preceded_by("ip_hash;")


def _is_torn(proxy: Proxy, upstream: ProxySetting) -> bool:
    """Whether something forwards to it, it has several servers and keeps no client at one."""
    block = f"upstream {upstream.text}"
    inside = [one for one in proxy.settings if one.block == block]
    servers = [one for one in inside if one.name == "server"]
    serving = [one for one in servers if not {"backup", "down"} & set(one.words)]
    used = any(upstream.text in one.text for one in proxy.given("proxy_pass"))
    return used and len(serving) >= 2 and not any(one.name in STICKY for one in inside)
