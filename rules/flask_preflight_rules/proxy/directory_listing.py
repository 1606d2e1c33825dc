"""Clients see the names of all files in a folder.

What should not be found is found: backups, uploads of others, files that were forgotten.

Fix: `autoindex off;`, which is the default.

Sources: nginx, "Module ngx_http_autoindex_module"; CWE-548.

```nginx bad nginx.conf {3}
server {
  listen 80;
  location /files/ { autoindex on; }
}
```

```nginx good nginx.conf
server {
  listen 80;
  location /files/ { autoindex off; }
  location /inner/ { internal; autoindex on; }
}
```
"""

from flask_preflight.artifacts.proxy import Proxy
from flask_preflight.rule import Message, Result, Results, rule

LISTED = Message("clients see the names of all files in {0}")
GUARDS = ("internal", "deny", "auth_basic", "auth_request")


@rule("NGX303", "directory-listing", "warning", "security", "CWE-548")
def check(proxy: Proxy) -> Results:
    guarded = {one.around for one in proxy.given(*GUARDS) if one.text != "off"}
    for one in proxy.given("autoindex"):
        if one.text == "on" and one.around not in guarded:
            yield Result(one.location, LISTED(one.block or "every location"))
