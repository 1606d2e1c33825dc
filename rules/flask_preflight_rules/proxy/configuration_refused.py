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

```nginx bad conf/whole.conf {2}
events {}
http {
  server { listen 80; }
}
```

```nginx bad conf/part.conf {1}
server {
  listen 80;
}
```

```yaml bad compose.yaml
services:
  first:
    image: nginx:1.29
    volumes: ["./conf/whole.conf:/etc/nginx/conf.d/default.conf:ro"]
  second:
    image: nginx:1.29
    volumes: ["./conf/part.conf:/etc/nginx/nginx.conf:ro"]
```

```nginx good conf/part.conf
server {
  listen 80;
}
```

```nginx good conf/whole.conf
events {}
http { include /etc/nginx/conf.d/*.conf; }
```

```yaml good compose.yaml
services:
  first:
    image: nginx:1.29
    volumes:
      - ./conf/whole.conf:/etc/nginx/nginx.conf:ro
      - ./conf/part.conf:/etc/nginx/conf.d/default.conf:ro
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
INNER = Message("nginx does not start: {0} is included inside of http, and has {1}", "inner")
OUTER = Message("nginx does not start: {0} has {1} outside of http", "outer")
MAIN = "/etc/nginx/nginx.conf"
FOLDERS = ("/etc/nginx/conf.d/", "/etc/nginx/templates/", "/etc/nginx/sites-enabled/")
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
    yield from _at_wrong_place(proxy)
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


def _at_wrong_place(proxy: Proxy) -> Results:
    """A whole configuration where parts are included, or a part in place of the whole."""
    top = [one for one in proxy.settings if not one.blocks]
    ours = set(proxy.entries)
    # Another main file may include them elsewhere.
    stock = not any(MAIN in one.places and ours & set(one.entries) for one in proxy.beside)
    for place in sorted(proxy.places):
        names = ("server", "upstream", "location") if place == MAIN else ("http",)
        included = stock and place.startswith(FOLDERS)
        found = next((one for one in top if one.name in names), None)
        if found is not None and (place == MAIN or included):
            said = OUTER if place == MAIN else INNER
            yield Result(found.location, said(place, found.name))
            return


def _is_misplaced(setting: ProxySetting, kind: str) -> bool:
    if any(one.partition(" ")[0] in ("stream", "mail") for one in setting.around):
        return False
    if setting.name in IN_LOCATIONS:
        return kind in ("server", "http")
    return setting.name in IN_SERVERS and kind == "location"
