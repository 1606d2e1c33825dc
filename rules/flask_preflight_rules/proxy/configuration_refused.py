"""nginx does not start with this configuration.

It checks where a directive may stand and how often it may be given, and ends at the first fault, so
the deployment has no proxy.

Fix: `nginx -t` in the pipeline finds these before the deployment does.

Sources: nginx, "Alphabetical index of directives", the context of each.

```nginx bad nginx.conf {3,6,10}
server {
  listen 80;
  proxy_pass http://web:8000;
  location / {
    proxy_read_timeout 60s;
    proxy_read_timeout 90s;
    proxy_pass http://web:8000;
  }
  location /api {
    server_name api.example.org;
    proxy_pass http://web:8000;
  }
}
```

```nginx good nginx.conf
server {
  listen 80;
  listen [::]:80;
  server_name a.example.org;
  server_name b.example.org;
  location / {
    proxy_read_timeout 60s;
    proxy_set_header Host $host;
    proxy_set_header X-Real-IP $remote_addr;
    proxy_pass http://web:8000;
    location /inner { proxy_read_timeout 90s; proxy_pass http://web:8000; }
  }
}
```
"""

from flask_preflight.artifacts.proxy import Proxy, ProxySetting
from flask_preflight.rule import Message, Result, Results, rule

MISPLACED = Message("nginx does not start: {0} cannot stand in {1}", "misplaced")
REPEATED = Message("nginx does not start: {0} is given twice in one block", "repeated")
IN_LOCATIONS = frozenset("proxy_pass uwsgi_pass fastcgi_pass grpc_pass scgi_pass alias".split())
IN_SERVERS = frozenset("listen server_name ssl_certificate ssl_certificate_key".split())
ONCE = frozenset(
    "proxy_pass uwsgi_pass fastcgi_pass root alias client_max_body_size proxy_read_timeout "
    "proxy_send_timeout proxy_connect_timeout proxy_http_version proxy_buffering "
    "keepalive_timeout client_body_timeout send_timeout autoindex server_tokens tcp_nopush "
    "tcp_nodelay sendfile default_type ssl_prefer_server_ciphers ssl_session_timeout".split()
)


@rule("NGX216", "configuration-refused", "error", "configuration")
def check(proxy: Proxy) -> Results:
    if proxy.is_open:
        # Parts of a template may exclude each other.
        return
    seen: set[tuple[str, tuple[int, ...]]] = set()
    for setting in proxy.settings:
        kind = setting.block.partition(" ")[0]
        if _is_misplaced(setting, kind):
            yield Result(setting.location, MISPLACED(setting.name, kind))
        if setting.name in ONCE:
            key = (setting.name, setting.blocks)
            if key in seen:
                yield Result(setting.location, REPEATED(setting.name))
            seen.add(key)


def _is_misplaced(setting: ProxySetting, kind: str) -> bool:
    if any(one.partition(" ")[0] in ("stream", "mail") for one in setting.around):
        return False
    if setting.name in IN_LOCATIONS:
        return kind in ("server", "http")
    return setting.name in IN_SERVERS and kind == "location"
