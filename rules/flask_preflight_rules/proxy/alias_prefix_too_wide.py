"""More than one folder is served.

The location also matches `/static-old` and `/static.bak`, and serves what lies there.

Fix: slashes at the end of both, `location /static/ { alias /srv/static/; }`.

Sources: nginx, "Module ngx_http_core_module: alias"; CWE-22.

```nginx bad nginx.conf {3}
server {
  listen 80;
  location /static { alias /srv/static; }
}
```

```nginx fixed nginx.conf
server {
  listen 80;
  location /static/ { alias /srv/static/; }
}
```

```nginx good nginx.conf
server {
  listen 80;
  location /static/ { alias /srv/static/; }
  location /robots.txt { alias /srv/robots.txt; }
  location = /a { alias /srv/a; }
}
```
"""

from flask_preflight.artifacts.proxy import Proxy, ProxySetting
from flask_preflight.rule import Fix, Message, Result, Results, rule

WIDE = Message("{0} also matches what only begins so, and serves what lies beside {1}")


@rule("NGX202", "alias-prefix-too-wide", "note", "security", "CWE-22")
def check(proxy: Proxy) -> Results:
    for one in proxy.given("alias"):
        kind, _, path = one.block.partition(" ")
        plain = kind == "location" and not path.startswith(("=", "~", "^~ ~", "@"))
        path = path.removeprefix("^~").strip()
        file = "." in one.text.rpartition("/")[2]
        if plain and path and not path.endswith("/") and not one.text.endswith("/") and not file:
            yield Result(one.location, WIDE(path, one.text), fix=_fix(proxy, one))


def _fix(proxy: Proxy, alias: ProxySetting) -> Fix | None:
    """Slashes at the end of both."""
    ends = [one.written.with_slash() for one in (proxy.block(alias), alias) if one and one.written]
    edits = tuple(edit for edit in ends if edit is not None)
    return Fix("end both with a slash", edits, safe=True) if len(edits) == 2 else None
