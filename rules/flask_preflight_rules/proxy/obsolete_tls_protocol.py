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

```toml bad traefik.toml {2}
[tls.options.default]
minVersion = "VersionTLS11"
```

```haproxy bad haproxy.cfg {2,4}
global
  ssl-default-bind-options ssl-min-ver TLSv1.1 no-tls-tickets
frontend all
  bind :443 ssl crt /etc/tls force-tlsv10
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

```toml good traefik.toml
[tls.options.default]
minVersion = "VersionTLS12"
```

```haproxy good haproxy.cfg
global
  ssl-default-bind-options ssl-min-ver TLSv1.2 no-tlsv10
frontend all
  bind :443 ssl crt /etc/tls
```
"""

import re

from flask_preflight.artifacts.proxy import Proxy
from flask_preflight.lazy import expression
from flask_preflight.rule import Level, Message, Result, Results, rule

ACCEPTS = Message("{0} accepts {1}, which an attacker on the way can break")
OLD = ("SSLv2", "SSLv3", "TLSv1", "TLSv1.1")
MINIMUM = expression(r"tls\.options\.[^.]+\.minversion\Z")
LEAST = {"VersionTLS10": "TLSv1", "VersionTLS11": "TLSv1.1"}
FORCED = expression(
    r"\bssl-min-ver (SSLv3|TLSv1\.[01])\b|\bforce-(sslv3|tlsv1[01])\b", re.IGNORECASE
)
OPTIONS = ("bind", "ssl-default-bind-options")


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
    if proxy.product == "traefik":
        yield from _of_traefik(proxy)
    elif proxy.product == "haproxy":
        yield from _of_haproxy(proxy)
    for one in proxy.given("ssl_protocols", "proxy_ssl_protocols"):
        found = [word for word in one.words if word in OLD]
        if found and not {"mail", "stream"}.intersection(one.around):
            # What is inside speaks to it, and nobody else comes by there.
            level: Level | None = "warning" if one.name.startswith("proxy") else None
            said = ACCEPTS(one.name, " and ".join(found))
            yield Result(one.location, said, fix=one.instead("TLSv1.2 TLSv1.3"), level=level)


def _of_traefik(proxy: Proxy) -> Results:
    for one in proxy.settings:
        if MINIMUM.match(one.name) and one.text in LEAST:
            yield Result(one.location, ACCEPTS("Traefik", LEAST[one.text]))


def _of_haproxy(proxy: Proxy) -> Results:
    for one in proxy.given(*OPTIONS):
        found = FORCED.search(one.text)
        if found is not None:
            yield Result(one.location, ACCEPTS("HAProxy", found[1] or found[2]))
