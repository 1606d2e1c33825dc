"""Everybody can read the state of the proxy.

It tells how many connections there are, and others what is asked for by whom.

Fix: `allow 127.0.0.1; deny all;` in the location.

Sources: nginx, "Module ngx_http_stub_status_module"; CWE-200.

```nginx bad nginx.conf {3}
server {
  listen 80;
  location /status { stub_status; }
}
```

```nginx good nginx.conf
server {
  listen 80;
  location /status { stub_status; allow 127.0.0.1; deny all; }
}
server {
  listen 127.0.0.1:8080;
  location /status { stub_status; }
}
```
"""

from flask_preflight.artifacts.proxy import Proxy
from flask_preflight.rule import Message, Result, Results, rule

READ = Message("everybody can read the state of the proxy at {0}")
PAGES = ("stub_status", "vhost_traffic_status_display", "status")
GUARDS = ("internal", "deny", "auth_basic", "auth_request")


@rule("NGX304", "status-page-public", "warning", "security", "CWE-200")
def check(proxy: Proxy) -> Results:
    guarded = {around for one in proxy.given(*GUARDS) for around in [one.around]}
    local = any(site.is_local for site in proxy.sites) or any(
        one.text.startswith("127.") for one in proxy.given("listen")
    )
    for one in proxy.given(*PAGES):
        above = {one.around[: end + 1] for end in range(len(one.around))}
        if one.block.startswith("location") and not guarded & above and not local:
            yield Result(one.location, READ(one.block.partition(" ")[2]))
