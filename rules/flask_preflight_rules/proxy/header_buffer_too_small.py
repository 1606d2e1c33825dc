"""Users who are signed in get an error.

The cookie of a Flask session alone may have 4,093 bytes: with smaller buffers nginx answers 400 or
502, to those who are signed in only.

Fix: delete the directive; the defaults are large enough.

Sources: nginx, "Module ngx_http_core_module: large_client_header_buffers".

```nginx bad nginx.conf {3}
server {
  listen 80;
  large_client_header_buffers 2 1k;
}
```

```nginx fixed nginx.conf
server {
  listen 80;
  large_client_header_buffers 4 8k;
}
```

```nginx bad nginx.conf {3}
server {
  listen 80;
  proxy_buffer_size 1k;
}
```

```nginx good nginx.conf
server {
  listen 80;
  large_client_header_buffers 4 16k;
  proxy_buffer_size 8k;
}
```
"""

from flask_preflight.artifacts.proxy import Proxy
from flask_preflight.lazy import expression
from flask_preflight.rule import Message, Result, Results, rule

SMALL = Message("{0} of {1} is smaller than a session cookie may be: signed-in users get errors")
LEAST = {"large_client_header_buffers": 8192, "proxy_buffer_size": 4096, "uwsgi_buffer_size": 4096}
SIZE = expression(r"(\d{1,9})([kKmM]?)\Z")


@rule("NGX402", "header-buffer-too-small", "warning", "configuration")
def check(proxy: Proxy) -> Results:
    for one in proxy.given(*LEAST):
        found = SIZE.match(one.words[-1]) if one.words else None
        if found is None:
            continue
        factor = {"": 1, "k": 1024, "m": 1024 * 1024}[found[2].lower()]
        if int(found[1]) * factor < LEAST[one.name]:
            # The buffers for answers depend on each other.
            fix = one.instead("4 8k") if one.name == "large_client_header_buffers" else None
            yield Result(one.location, SMALL(one.name, one.words[-1]), fix=fix)
