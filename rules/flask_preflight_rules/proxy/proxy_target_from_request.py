"""A client chooses which server the proxy asks.

It reaches services that are closed to it, the metadata of the cloud with its credentials among
them.

Fix: write the target, or choose it from a `map` with fixed values.

Sources: OWASP, "Server-Side Request Forgery Prevention"; CWE-918.

```nginx bad nginx.conf {3}
server {
  listen 80;
  location /fetch { proxy_pass http://$arg_host/; }
}
```

```nginx good nginx.conf
server {
  listen 80;
  set $target web;
  location / { proxy_pass http://$target:8000$request_uri; }
  location /host { proxy_pass http://web:8000/$arg_page; }
}
```
"""

from flask_preflight.artifacts.proxy import Proxy
from flask_preflight.lazy import expression
from flask_preflight.rule import Message, Result, Results, rule

CHOSEN = Message("a client chooses which server is asked: {0}")
TARGET = expression(
    r"(?:\w+://)?\$(?:arg_|http_|cookie_|args\b|uri\b|request_uri\b|[1-9])|\w+://[^/]*\$(?:arg_|[1-9])"
)
GUARDS = ("internal", "auth_request", "auth_basic", "deny")


@rule("NGX203", "proxy-target-from-request", "error", "security", "CWE-918", "gixy:ssrf")
def check(proxy: Proxy) -> Results:
    guarded = {one.around for one in proxy.given(*GUARDS)}
    for one in proxy.given("proxy_pass", "uwsgi_pass", "grpc_pass"):
        if TARGET.match(one.text) and one.around not in guarded:
            yield Result(one.location, CHOSEN(one.text))
