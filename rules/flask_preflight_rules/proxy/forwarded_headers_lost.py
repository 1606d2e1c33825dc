"""A location sets a header for the application, so all that were set around it are lost.

nginx takes `proxy_set_header` from the outer block only where the inner one has none. For one
location the application then takes the name of its container for its own, or the proxy for its
client.

Fix: repeat the outer lines in the location, or keep them in a file that each location includes.

Sources: nginx, "Module ngx_http_proxy_module: proxy_set_header".

```nginx bad nginx.conf {9}
server {
  listen 80;
  server_name shop.example.org;
  proxy_set_header Host $host;
  proxy_set_header X-Real-IP $remote_addr;
  location / { proxy_pass http://web:8000; }
  location /upload {
    client_max_body_size 50m;
    proxy_set_header X-Upload yes;
    proxy_pass http://web:8000;
  }
}
```

```python bad app.py
from flask import Flask

app = Flask(__name__)
```

```nginx good nginx.conf
server {
  listen 80;
  server_name shop.example.org;
  proxy_set_header Host $host;
  proxy_set_header X-Real-IP $remote_addr;
  location / { proxy_pass http://web:8000; }
  location /upload {
    include proxy_params;
    proxy_set_header X-Upload yes;
    proxy_pass http://web:8000;
  }
  location /events {
    proxy_set_header Host $host;
    proxy_set_header X-Real-IP $remote_addr;
    proxy_set_header Connection "";
    proxy_pass http://web:8000;
  }
  location /partner { proxy_set_header X-Key $key; proxy_pass https://api.example.com; }
}
```

```python good app.py
from flask import Flask

app = Flask(__name__)
```
"""

from flask_preflight.artifacts.proxy import Proxy
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.proxy._sites import app_routes, lost_headers

LOST = Message("{0} is not passed on for {1}: its own proxy_set_header replaces those around it")


@rule("NGX107", "forwarded-headers-lost", "warning", "security")
def check(proxy: Proxy) -> Results:
    for site in proxy.sites:
        seen = set()
        for route in app_routes(site):
            lost, where = lost_headers(proxy, route)
            if where is not None and where.location not in seen:
                seen.add(where.location)
                names = " and ".join(sorted(name.title() for name in lost))
                yield Result(where.location, LOST(names, route.path))
