"""The proxy does not buffer answers, so a slow client keeps a worker of the application busy.

A proxy in front of Gunicorn is there to take an answer off its hands at once. With buffering off
for all pages, a phone on a bad line holds a worker as long as it reads.

Fix: delete the line; where answers are streamed, give that path a location of its own, or send
`X-Accel-Buffering: no` with them.

Intended: behind workers of gevent or eventlet.

Sources: Gunicorn, "Deploying Gunicorn: Nginx Configuration"; nginx, "Module
ngx_http_proxy_module: proxy_buffering".

```nginx bad nginx.conf {4}
server {
  listen 80;
  server_name shop.example.org;
  proxy_buffering off;
  location / { proxy_pass http://web:8000; }
}
```

```python bad app.py
from flask import Flask

app = Flask(__name__)
```

```nginx fixed nginx.conf
server {
  listen 80;
  server_name shop.example.org;
  proxy_buffering on;
  location / { proxy_pass http://web:8000; }
}
```

```nginx good nginx.conf
server {
  listen 80;
  server_name shop.example.org;
  location / { proxy_pass http://web:8000; }
  location /events { proxy_buffering off; proxy_pass http://web:8000; }
}
```

```python good app.py
from flask import Flask

app = Flask(__name__)
```
"""

from flask_preflight.artifacts.proxy import Proxy, ProxyRoute, Site
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.proxy._sites import app_routes

SLOW = Message("a slow client holds a worker of the application as long as it reads")
GREEN = frozenset("gevent eventlet gevent_pywsgi gevent_wsgi tornado".split())


@rule("NGX403", "response-buffering-off", "warning", "scaling")
def check(proxy: Proxy) -> Results:
    seen = set()
    for site in proxy.sites:
        for route in app_routes(site):
            if route.path not in ("/", "@app", "@proxy_to_app") or _is_green(site, route):
                continue
            name = "uwsgi_buffering" if "uwsgi" in route.target[:6] else "proxy_buffering"
            setting = proxy.effective(route, name)
            if setting is None or setting == "default" or setting.text != "off":
                continue
            if setting.location not in seen:
                seen.add(setting.location)
                yield Result(setting.location, SLOW(), fix=setting.instead("on"))


def _is_green(site: Site, route: ProxyRoute) -> bool:
    """Whether the workers behind it take many clients at once."""
    for entry in site.behind.get(route.location, ()):
        chosen = entry.server.settings.get("worker_class") if entry.server is not None else None
        if chosen is not None and (not chosen.known or str(chosen.value) in GREEN):
            return True
    return False
