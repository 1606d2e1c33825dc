"""Clients see the names of all files in a folder.

What should not be found is found: backups, uploads of others, files that were forgotten.

Fix: `autoindex off;`, which is the default.

Intended: for folders that are published as such, like those of packages; say so where you ignore
the rule.

Sources: nginx, "Module ngx_http_autoindex_module"; CWE-548.

```nginx bad nginx.conf {3,8}
server {
  listen 80;
  location /files/ { autoindex on; }
  location /inner/ { deny all; }
}
server {
  listen 443 ssl;
  autoindex on;
  auth_basic off;
}
```

```nginx fixed nginx.conf
server {
  listen 80;
  location /files/ { autoindex off; }
  location /inner/ { deny all; }
}
server {
  listen 443 ssl;
  autoindex off;
  auth_basic off;
}
```

```nginx good nginx.conf
server {
  listen 80;
  location /files/ { autoindex off; }
  location /inner/ { internal; autoindex on; }
  location /ours/ {
    allow 10.0.0.0/8;
    deny all;
    location /ours/reports/ { autoindex on; }
  }
}
server {
  listen 8080;
  auth_basic "Ours";
  location /files/ { autoindex on; }
}
server {
  listen 127.0.0.1:8081;
  listen unix:/run/files.sock;
  autoindex on;
}
```
"""

from flask_preflight.artifacts.proxy import Proxy
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.proxy._sites import is_exposed

LISTED = Message("clients see the names of all files in {0}")


@rule("NGX303", "directory-listing", "warning", "security", "CWE-548")
def check(proxy: Proxy) -> Results:
    for one in proxy.given("autoindex"):
        if one.text == "on" and is_exposed(proxy, one):
            kind, _, path = one.block.partition(" ")
            said = LISTED(path if kind == "location" else "every folder")
            yield Result(one.location, said, fix=one.instead("off"))
