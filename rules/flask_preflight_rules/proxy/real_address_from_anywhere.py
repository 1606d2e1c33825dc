"""Every client may say which address it has.

With the whole Internet trusted, the header of a client counts as its address: limits and lists of
allowed addresses mean nothing.

Fix: name the addresses of the proxy in front, `set_real_ip_from 10.0.0.0/8;`.

Sources: nginx, "Module ngx_http_realip_module"; CWE-348.

```nginx bad nginx.conf {3}
server {
  listen 80;
  set_real_ip_from 0.0.0.0/0;
}
```

```nginx good nginx.conf
server {
  listen 80;
  set_real_ip_from 10.0.0.0/8;
}
```
"""

from flask_preflight.artifacts.proxy import Proxy
from flask_preflight.rule import Level, Message, Result, Results, rule

ANYBODY = Message("every client may say which address it has: {0} is the whole Internet")


@rule("NGX106", "real-address-from-anywhere", "error", "security", "CWE-348")
def check(proxy: Proxy) -> Results:
    for one in proxy.given("set_real_ip_from"):
        if one.text in ("0.0.0.0/0", "::/0", "0/0"):
            level: Level | None = "warning" if proxy.fronts else None
            yield Result(one.location, ANYBODY(one.text), level=level)
