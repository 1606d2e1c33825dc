"""Connections with broken versions of TLS are accepted.

An attacker on the way makes both sides use one of them, and reads along.

Fix: `ssl_protocols TLSv1.2 TLSv1.3;`.

Sources: RFC 8996, "Deprecating TLS 1.0 and TLS 1.1"; CWE-327.

```nginx bad nginx.conf {3}
server {
  listen 80;
  ssl_protocols TLSv1 TLSv1.2;
}
```

```nginx bad nginx.conf {3}
server {
  listen 80;
  proxy_ssl_protocols TLSv1.1;
}
```

```nginx good nginx.conf
server {
  listen 80;
  ssl_protocols TLSv1.2 TLSv1.3;
}
```
"""

from flask_preflight.artifacts.proxy import Proxy
from flask_preflight.rule import Level, Message, Result, Results, rule

BROKEN = Message("{0} is accepted, which an attacker on the way can break")
OLD = ("SSLv2", "SSLv3", "TLSv1", "TLSv1.1")


@rule("NGX003", "obsolete-tls-protocol", "error", "security", "CWE-327")
def check(proxy: Proxy) -> Results:
    for one in proxy.given("ssl_protocols", "proxy_ssl_protocols"):
        found = [word for word in one.words if word in OLD]
        if found:
            level: Level | None = "warning" if one.name.startswith("proxy") else None
            yield Result(one.location, BROKEN(" and ".join(found)), level=level)
