"""The proxy hands on whatever address the client claims.

Limits, logs and lists of allowed addresses then hold what anybody writes.

Fix: `proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;`, or `$remote_addr`.

Sources: nginx, "Module ngx_http_proxy_module: proxy_set_header"; CWE-348.

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

```nginx good nginx.conf
server {
  listen 80;
  location / { proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; }
}
```
"""

from flask_preflight.artifacts.proxy import Proxy
from flask_preflight.rule import Message, Result, Results, rule

CLAIMED = Message("{0} is what the client claims, so its address is whatever it likes")
ADDRESSES = ("x-forwarded-for", "x-real-ip")
CLIENT = ("$http_x_forwarded_for", "$http_x_real_ip", "$http_client_ip")


@rule("NGX105", "client-headers-trusted", "error", "security", "CWE-348")
def check(proxy: Proxy) -> Results:
    behind = any(site.behind_another for site in proxy.sites) or bool(proxy.fronts)
    for one in proxy.given("proxy_set_header"):
        name = one.words[0] if one.words else ""
        value = one.words[1] if len(one.words) == 2 else ""
        if name.lower() in ADDRESSES and value in CLIENT and not behind:
            yield Result(one.location, CLAIMED(name), fix=one.instead(f"{name} $remote_addr"))
