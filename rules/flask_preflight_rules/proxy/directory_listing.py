"""Clients see the names of all files in a folder.

What should not be found is found: backups, uploads of others, files that were forgotten.

Fix: `autoindex off;`, which is the default; Caddy's `file_server` without `browse`.

Intended: for folders that are published as such, like those of packages; say so where you ignore
the rule.

Sources: nginx, "Module ngx_http_autoindex_module"; Caddy, "file_server"; CWE-548.

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

```caddyfile bad Caddyfile {3,6}
files.example.org {
        root * /srv/files
        file_server browse
        handle /uploads/* {
                root * /srv/uploads
                file_server {
                        browse
                }
        }
}
```

```caddyfile good Caddyfile
files.example.org {
        root * /srv/files
        file_server
}
ours.example.org {
        basic_auth {
                me $2a$14$hash
        }
        file_server browse
}
office.example.org {
        @office remote_ip 192.0.2.0/24
        handle @office {
                file_server browse
        }
}
localhost {
        file_server browse
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

from collections.abc import Iterator

from flask_preflight.artifacts.proxy import Proxy, ProxySetting
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.proxy._sites import is_exposed, reach

LISTED = Message("clients see the names of all files in {0}")
GUARDS = ("basic_auth", "basicauth", "forward_auth", "abort", "error", "import")


@rule("NGX303", "directory-listing", "warning", "security", "CWE-548")
def check(proxy: Proxy) -> Results:
    for one in proxy.given("autoindex"):
        if one.text == "on" and is_exposed(proxy, one):
            kind, _, path = one.block.partition(" ")
            said = LISTED(path if kind == "location" else "every folder")
            yield Result(one.location, said, fix=one.instead("off"))
    for one in _browsed(proxy) if proxy.product == "caddy" else ():
        path = one.block.partition(" ")[2] if len(one.blocks) > 1 else ""
        yield Result(one.location, LISTED(path or "every folder"))


def _browsed(proxy: Proxy) -> Iterator[ProxySetting]:
    """Where Caddy lists folders for clients that nothing keeps out."""
    ports = {site.location: [one.port for one in site.listens] for site in proxy.sites}
    inner = {site.location for site in proxy.sites if site.is_local}
    tops = [one for one in proxy.settings if not one.blocks]
    for one in proxy.given("file_server"):
        lists = "browse" in one.words or any(o.name == "browse" for o in proxy.inside(one))
        # A matcher may ask for anything.
        chosen = any("@" in text for text in (*one.around[1:], *one.words[:1]))
        if not lists or chosen or any(proxy.around(one, *GUARDS)):
            continue
        site = next((top for top in tops if _holds(top, one)), None)
        if site is not None and site.location in ports and site.location not in inner:
            reached = {reach(proxy, port) for port in (*ports[site.location], 80)}
            if reached & {"all", "unknown"}:
                yield one


def _holds(top: ProxySetting, one: ProxySetting) -> bool:
    return top.written is not None and one.blocks[:1] == top.written.starts[:1]
