"""The proxy tells everybody its version.

Whoever looks for proxies with a known hole finds this one by a search.

Fix: `server_tokens off;`.

Sources: nginx, "Module ngx_http_core_module: server_tokens"; CWE-200.

```nginx bad nginx.conf {3}
server {
  listen 80;
  server_tokens on;
}
```

```nginx fixed nginx.conf
server {
  listen 80;
  server_tokens off;
}
```

```nginx good nginx.conf
server {
  listen 80;
  server_tokens off;
}
```
"""

from flask_preflight.artifacts.proxy import Proxy
from flask_preflight.rule import Message, Result, Results, rule

TOLD = Message("the proxy tells everybody its version")


@rule("NGX305", "version-disclosed", "note", "security", "CWE-200", "gixy:version_disclosure")
def check(proxy: Proxy) -> Results:
    for one in proxy.given("server_tokens"):
        if one.text in ("on", "build"):
            yield Result(one.location, TOLD(), fix=one.instead("off"))
