"""The proxy hands on whatever address the client claims.

Limits, logs and lists of allowed addresses then hold what anybody writes.

Fix: `proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;`, or `$remote_addr`. Name the
networks that are trusted for Caddy and Traefik; delete `if-none` for HAProxy.

Sources: nginx, "Module ngx_http_proxy_module: proxy_set_header"; Caddy, "trusted_proxies"; Traefik,
"EntryPoints: Forwarded Headers"; HAProxy, "option forwardfor"; CWE-348.

```nginx bad nginx.conf {3}
server {
  listen 80;
  location / { proxy_pass http://web:8000; proxy_set_header X-Forwarded-For $http_x_forwarded_for; }
}
```

```nginx fixed nginx.conf
server {
  listen 80;
  location / { proxy_pass http://web:8000; proxy_set_header X-Forwarded-For $remote_addr; }
}
```

```caddyfile bad Caddyfile {3,8}
{
        servers {
                trusted_proxies static 0.0.0.0/0 ::/0
        }
}
shop.example.org {
        reverse_proxy web:8000 {
                trusted_proxies 0.0.0.0/0
        }
}
```

```yaml bad compose.yaml {6,7}
services:
  traefik:
    image: traefik:v3.5
    command:
      - --entrypoints.web.address=:80
      - --entrypoints.web.forwardedheaders.insecure
      - --entrypoints.web.proxyprotocol.trustedips=10.0.0.0/8,0.0.0.0/0
    ports: ["80:80"]
```

```haproxy bad haproxy.cfg {3}
frontend all
  bind :80
  option forwardfor if-none
```

```nginx good nginx.conf
server {
  listen 80;
  location / { proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; }
}
```

```caddyfile good Caddyfile
{
        servers {
                trusted_proxies static private_ranges
        }
}
shop.example.org {
        reverse_proxy web:8000
}
```

```yaml good compose.yaml
services:
  traefik:
    image: traefik:v3.5
    command:
      - --entrypoints.web.address=:80
      - --entrypoints.web.forwardedheaders.insecure=false
      - --entrypoints.inner.address=:8081
      - --entrypoints.inner.forwardedheaders.insecure=true
      - --entrypoints.web.forwardedheaders.trustedips=10.0.0.0/8
    ports: ["80:80"]
```

```haproxy good haproxy.cfg
frontend all
  bind :80
  option forwardfor
```
"""

from collections.abc import Iterator

from flask_preflight.artifacts.proxy import Proxy, ProxySetting
from flask_preflight.artifacts.traefik import ports_of
from flask_preflight.lazy import expression
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.proxy._sites import reach

CLAIMED = Message("{0} is what the client claims, so its address is whatever it likes")
ALL = Message("{0} believes whatever a client says about its address", "all")
ADDRESSES = ("x-forwarded-for", "x-real-ip")
CLIENT = ("$http_x_forwarded_for", "$http_x_real_ip", "$http_client_ip")
ANYBODY = expression(r"(?:^|[ ,:])(?:0\.0\.0\.0/0|::/0)(?:[ ,}]|\Z)")
INSECURE = expression(r"entrypoints\.([^.]+)\.(?:forwardedheaders|proxyprotocol)\.(\w+)\Z")


@rule("NGX105", "client-headers-trusted", "error", "security", "CWE-348")
def check(proxy: Proxy) -> Results:
    if proxy.fronts or proxy.product == "nginx" and any(one.behind_another for one in proxy.sites):
        return
    for one in proxy.given("proxy_set_header"):
        name = one.words[0] if one.words else ""
        value = one.words[1] if len(one.words) == 2 else ""
        if name.lower() in ADDRESSES and value in CLIENT:
            fix = one.instead(f"{name} $remote_addr")
            yield Result(one.location, CLAIMED(name), fix=fix)
    readers = {"caddy": _of_caddy, "traefik": _of_traefik, "haproxy": _of_haproxy}
    if proxy.product in readers:
        for one in readers[proxy.product](proxy):
            yield Result(one.location, ALL(proxy.title))


def _of_caddy(proxy: Proxy) -> Iterator[ProxySetting]:
    return (one for one in proxy.given("trusted_proxies") if ANYBODY.search(one.text))


def _of_haproxy(proxy: Proxy) -> Iterator[ProxySetting]:
    return (one for one in proxy.given("option") if one.text == "forwardfor if-none")


def _of_traefik(proxy: Proxy) -> Iterator[ProxySetting]:
    for one in proxy.settings:
        found = INSECURE.match(one.name)
        if found is None:
            continue
        insecure = found[2] == "insecure" and one.text.lower() in ("", "true")
        trusted = found[2] == "trustedips" and ANYBODY.search(one.text)
        offered = any(
            reach(proxy, port) in ("all", "unknown") for port in ports_of(proxy, found[1])
        )
        if (insecure or trusted) and offered:
            yield one
