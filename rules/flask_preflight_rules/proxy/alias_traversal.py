r"""Clients can leave the folder that is served.

`/static../app.py` matches the location, and becomes `/srv/static/../app.py`: the source, `.env` and
the database can be read.

Fix: end the location with a slash as well, `location /static/`.

Sources: nginx, "Module ngx_http_core_module: alias"; CWE-22.

```nginx bad nginx.conf {3,4,5,6,7}
server {
  listen 80;
  location /static { alias /srv/static/; }
  location ^~ "/media" { expires 30d; alias /srv/media/; }
  location ~ ^/assets(.*)$ { alias /srv/assets/$1; }
  location ~ ^/user(?<name>.*)$ { alias /srv/users/$name; }
  location ~ ^/site(\d)(.*)$ { alias /srv/site/$2; }
}
```

```nginx fixed nginx.conf
server {
  listen 80;
  location /static/ { alias /srv/static/; }
  location ^~ /media/ { expires 30d; alias /srv/media/; }
  location ~ ^/assets(.*)$ { alias /srv/assets/$1; }
  location ~ ^/user(?<name>.*)$ { alias /srv/users/$name; }
  location ~ ^/site(\d)(.*)$ { alias /srv/site/$2; }
}
```

```nginx good nginx.conf
server {
  listen 80;
  location /static/ { alias /srv/static/; }
  location /assets { alias /srv/assets; }
  location = /favicon.ico { alias /srv/static/favicon.ico; }
  location = /docs { alias /srv/docs/; }
  location /media { root /srv; }
  location ~ ^/files/(.*)$ { alias /srv/files/$1; }
  location ~ ^/theme([a-z]+)$ { alias /srv/themes/$1; }
  location /outer { location /outer/inner/ { alias /srv/inner/; } }
}
```

```nginx good nginx.conf.j2
alias /srv/;
server {
  listen 80;
  location {{ prefix }} { alias /srv/static/; }
}
```
"""

from flask_preflight.artifacts.nginx_grammar import HOLE
from flask_preflight.artifacts.proxy import Proxy, ProxySetting
from flask_preflight.lazy import expression
from flask_preflight.rule import Fix, Message, Result, Results, rule

LEAVES = Message("{0}../ leaves {1}: clients read the source and whatever lies beside it")
GROUP = expression(r"[\w\-)](\((?:\?P?<(?P<name>\w+)>)?(?:\.|\[\^/\])[*+]\??\))")
"""A part of the path that may begin with two dots, directly after a letter or another part."""
CAPTURES = expression(r"(?<!\\)\((?:\?P?<|(?!\?))")


@rule(
    "NGX201",
    "alias-traversal",
    "error",
    "security",
    "CWE-22",
    "gixy:alias_traversal",
    "~semgrep:alias-path-traversal-in-nginx",
    development=True,
)
def check(proxy: Proxy) -> Results:
    for one in proxy.given("alias"):
        kind, *words = one.block.split() or [""]
        if kind != "location" or not words or HOLE in one.block:
            continue
        if words[0] in ("~", "~*"):
            for found in GROUP.finditer(words[-1]):
                before = words[-1][: found.start(1)]
                if _repeats(one, len(CAPTURES.findall(before)) + 1, found["name"]):
                    yield Result(one.location, LEAVES(before, one.text))
        elif words[0] != "=" and not words[-1].endswith("/") and one.text.endswith("/"):
            yield Result(one.location, LEAVES(words[-1], one.text), fix=_fix(proxy, one))


def _fix(proxy: Proxy, alias: ProxySetting) -> Fix | None:
    """A slash at the end of the location."""
    location = proxy.block(alias)
    edit = location.written.with_slash() if location and location.written else None
    return Fix("end the location with a slash", (edit,), safe=True) if edit else None


def _repeats(alias: ProxySetting, number: int, name: str | None) -> bool:
    """Whether what was caught stands directly after a slash."""
    caught = [f"${word}" for word in (number, name) if word]
    caught += [f"${{{word}}}" for word in (number, name) if word]
    return any(alias.text.endswith("/" + one) for one in caught)
