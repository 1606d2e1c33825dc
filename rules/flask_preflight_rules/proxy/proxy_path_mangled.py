"""The path that the application gets is not the one that was meant.

A slash too few or too many turns `/api/users` into `//users` or `/v1users`: the application answers
404, or with a redirect to nowhere.

Fix: end both with a slash, `location /api/ { proxy_pass http://web:8000/; }`, or give `proxy_pass`
no path.

Sources: nginx, "Module ngx_http_proxy_module: proxy_pass".

```nginx bad nginx.conf {3}
server {
  listen 80;
  location /api { proxy_pass http://web:8000/; }
}
```

```nginx bad nginx.conf {3}
server {
  listen 80;
  location /api/ { proxy_pass http://web:8000/v1; }
}
```

```nginx good nginx.conf
server {
  listen 80;
  location /api/ { proxy_pass http://web:8000/; }
  location /other { proxy_pass http://web:8000; }
  location / { proxy_pass http://web:8000/; }
  location = /exact { proxy_pass http://web:8000/; }
}
```
"""

from flask_preflight.artifacts.proxy import Proxy
from flask_preflight.rule import Message, Result, Results, rule

MANGLED = Message("{0}x is sent on as {1}x: a slash is missing or too much")


@rule("NGX204", "proxy-path-mangled", "warning", "configuration")
def check(proxy: Proxy) -> Results:
    rewritten = {one.around for one in proxy.given("rewrite")}
    for one in proxy.given("proxy_pass"):
        kind, _, path = one.block.partition(" ")
        plain = kind == "location" and not path.startswith(("=", "~", "@"))
        path = path.removeprefix("^~").strip()
        _, _, rest = one.text.partition("://")
        uri = rest[rest.index("/") :] if "/" in rest else ""
        if not plain or not uri or "$" in one.text + path or one.around in rewritten:
            continue
        if uri.endswith("/") != path.endswith("/"):
            yield Result(one.location, MANGLED(path, uri))
