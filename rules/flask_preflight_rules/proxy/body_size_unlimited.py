"""Clients may send as much as they like.

One of them fills the disk of the proxy, or the memory of the application.

Fix: `client_max_body_size 16m;`.

Sources: nginx, "Module ngx_http_core_module: client_max_body_size"; CWE-770.

```nginx bad nginx.conf {3}
server {
  listen 80;
  client_max_body_size 0;
}
```

```nginx bad nginx.conf {3}
server {
  listen 80;
  client_max_body_size 4G;
}
```

```nginx good nginx.conf
server {
  listen 80;
  client_max_body_size 16m;
}
```
"""

from flask_preflight.artifacts.proxy import Proxy
from flask_preflight.rule import Message, Result, Results, rule

ANY = Message("clients may send as much as they like, until a disk or the memory is full", "any")
MUCH = Message("each client may send {0}", "much")


@rule("NGX401", "body-size-unlimited", "warning", "security", "CWE-770")
def check(proxy: Proxy) -> Results:
    for one in proxy.given("client_max_body_size"):
        if one.text == "0":
            yield Result(one.location, ANY())
        elif one.text[-1:] in "gG" and one.text[:-1].isdigit() and int(one.text[:-1]) > 1:
            yield Result(one.location, MUCH(one.text), level="note")
