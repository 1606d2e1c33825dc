"""Nothing records which requests come in.

After an incident nobody knows who asked for what.

Fix: delete the directive; switch the log off for static files and health checks only.

Sources: nginx, "Module ngx_http_log_module: access_log"; CWE-778.

```nginx bad nginx.conf {3}
server {
  listen 80;
  access_log off;
  location / { proxy_pass http://web:8000; }
}
```

```nginx good nginx.conf
server {
  listen 80;
  location /static/ { access_log off; }
  location = /healthz { access_log off; }
}
```
"""

from flask_preflight.artifacts.proxy import Proxy
from flask_preflight.lazy import expression
from flask_preflight.rule import Message, Result, Results, rule

UNSEEN = Message("nothing records which requests come in")
ASIDE = expression(r"static|assets|media|favicon|robots|health|status|ping|\\\.|up\b|live|ready")


@rule("NGX601", "access-log-disabled", "warning", "observability", "CWE-778")
def check(proxy: Proxy) -> Results:
    for one in proxy.given("access_log"):
        off = one.words[:1] in (("off",), ("/dev/null",))
        aside = one.block.startswith("location") and ASIDE.search(one.block) is not None
        if off and not aside and not one.block.startswith("if"):
            yield Result(one.location, UNSEEN())
