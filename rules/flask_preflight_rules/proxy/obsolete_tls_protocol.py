"""Connections with broken versions of TLS are accepted.

An attacker on the way makes both sides use one of them, and reads along.

Fix: `ssl_protocols TLSv1.2 TLSv1.3;`.

Sources: RFC 8996, "Deprecating TLS 1.0 and TLS 1.1"; CWE-326; CWE-327.

```nginx bad nginx.conf {3,6}
server {
  listen 443 ssl;
  ssl_protocols TLSv1 TLSv1.2;
  location / {
    proxy_pass https://inner.example.org;
    proxy_ssl_protocols SSLv3 TLSv1.1;
  }
}
```

```nginx fixed nginx.conf
server {
  listen 443 ssl;
  ssl_protocols TLSv1.2 TLSv1.3;
  location / {
    proxy_pass https://inner.example.org;
    proxy_ssl_protocols TLSv1.2 TLSv1.3;
  }
}
```

```nginx good nginx.conf
http {
  server {
    listen 443 ssl;
    ssl_protocols TLSv1.2 TLSv1.3;
    # ssl_protocols TLSv1 TLSv1.1;
  }
}
mail {
  ssl_protocols TLSv1 TLSv1.1 TLSv1.2;
}
```

```nginx good nginx.conf.j2
server {
  listen 443 ssl;
  ssl_protocols {{ protocols }};
}
```
"""

from flask_preflight.artifacts.proxy import Proxy
from flask_preflight.rule import Level, Message, Result, Results, rule

ACCEPTS = Message("{0} accepts {1}, which an attacker on the way can break")
OLD = ("SSLv2", "SSLv3", "TLSv1", "TLSv1.1")


@rule(
    "NGX003",
    "obsolete-tls-protocol",
    "error",
    "security",
    "CWE-326",
    "CWE-327",
    "gixy:weak_ssl_tls",
    "~semgrep:insecure-ssl-version",
)
def check(proxy: Proxy) -> Results:
    for one in proxy.given("ssl_protocols", "proxy_ssl_protocols"):
        found = [word for word in one.words if word in OLD]
        if found and not {"mail", "stream"}.intersection(one.around):
            # What is inside speaks to it, and nobody else comes by there.
            level: Level | None = "warning" if one.name.startswith("proxy") else None
            said = ACCEPTS(one.name, " and ".join(found))
            yield Result(one.location, said, fix=one.instead("TLSv1.2 TLSv1.3"), level=level)
