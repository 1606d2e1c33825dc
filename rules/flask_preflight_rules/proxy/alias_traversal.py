"""Clients can leave the folder that is served.

`/static../app.py` matches the location, and becomes `/srv/static/../app.py`: the source, `.env` and
the database can be read.

Fix: end the location with a slash as well, `location /static/`.

Sources: nginx, "Module ngx_http_core_module: alias"; CWE-22.

```nginx bad nginx.conf {3}
server {
  listen 80;
  location /static { alias /srv/static/; }
}
```

```nginx good nginx.conf
server {
  listen 80;
  location /static/ { alias /srv/static/; }
  location = /favicon.ico { alias /srv/static/favicon.ico; }
  location /media { root /srv; }
}
```
"""

from flask_preflight.artifacts.proxy import Proxy
from flask_preflight.rule import Message, Result, Results, rule

LEAVES = Message("{0}../ leaves {1}: clients read the source and whatever lies beside it")


@rule("NGX201", "alias-traversal", "error", "security", "CWE-22", "gixy:alias_traversal")
def check(proxy: Proxy) -> Results:
    for one in proxy.given("alias"):
        kind, _, path = one.block.partition(" ")
        plain = kind == "location" and not path.startswith(("=", "~", "^~ ~", "@"))
        path = path.removeprefix("^~").strip()
        if plain and path and not path.endswith("/") and one.text.endswith("/"):
            yield Result(one.location, LEAVES(path, one.text))
