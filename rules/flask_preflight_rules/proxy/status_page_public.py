"""Everybody can read the state of the proxy.

It tells how many connections there are, and with some modules what is asked for by whom.

Fix: `allow 127.0.0.1; deny all;` in the location.

Sources: nginx, "Module ngx_http_stub_status_module"; CWE-200.

```nginx bad nginx.conf {3}
server {
  listen 80;
  location = /status { stub_status on; access_log off; }
}
server {
  listen 127.0.0.1:8080;
  location /status { vhost_traffic_status_display; }
}
```

```nginx good nginx.conf
server {
  listen 80;
  location /status { stub_status; allow 127.0.0.1; deny all; }
  location /other { auth_basic "Ours"; auth_basic_user_file /etc/nginx/users; stub_status; }
  location /off { stub_status off; }
}
server {
  listen 127.0.0.1:8080;
  location /status { stub_status; }
}
```

```nginx good deploy/status.conf
server {
  listen 8081;
  server_name _;
  location /status { stub_status; }
}
```

```yaml good compose.yaml
services:
  proxy:
    image: nginx:1.29
    ports: ["80:80"]
    volumes: ["./deploy/status.conf:/etc/nginx/conf.d/status.conf:ro"]
```
"""

from flask_preflight.artifacts.proxy import Proxy
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.proxy._sites import is_exposed

READ = Message("everybody can read the state of the proxy at {0}")


@rule("NGX304", "status-page-public", "warning", "security", "CWE-200", "gixy:status_page_exposed")
def check(proxy: Proxy) -> Results:
    for one in proxy.given("stub_status", "vhost_traffic_status_display"):
        kind, *words = one.block.split() or [""]
        if kind == "location" and words and one.text != "off" and is_exposed(proxy, one):
            yield Result(one.location, READ(words[-1]))
