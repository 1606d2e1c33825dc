"""A location has headers of its own, so those of the server around it are not sent.

nginx takes `add_header` from the outer block only where the inner one has none. One line added for
a location switches off HSTS, the content policy or the protection against caching there.

Fix: repeat the outer headers in the inner block, keep them in a file that both include, or write
`add_header_inherit merge;` (nginx 1.29.3).

Sources: nginx, "Module ngx_http_headers_module: add_header"; CWE-693.

```nginx bad nginx.conf {6,17,23}
server {
  listen 443 ssl;
  server_name a.example.org;
  add_header Strict-Transport-Security "max-age=63072000" always;
  location / {
    add_header X-Shop yes;
    proxy_pass http://web:8000;
  }
}
server {
  listen 443 ssl;
  server_name b.example.org;
  add_header X-Frame-Options DENY;
  add_header X-Content-Type-Options nosniff;
  location / { proxy_pass http://web:8000; }
  location /account {
    add_header Cache-Control "no-store";
    add_header X-Frame-Options SAMEORIGIN;
    proxy_pass http://web:8000;
  }
  location /static/ {
    alias /srv/static/;
    add_header Cache-Control "public";
  }
}
```

```nginx good nginx.conf
server {
  listen 443 ssl;
  server_name a.example.org;
  add_header Strict-Transport-Security "max-age=63072000" always;
  add_header X-Served-By shop;
  location / {
    add_header Strict-Transport-Security "max-age=63072000" always;
    proxy_pass http://web:8000;
  }
  location /merged {
    add_header_inherit merge;
    add_header X-Shop yes;
    proxy_pass http://web:8000;
  }
  location /static { add_header Cache-Control "public, max-age=3600"; root /srv; }
  location /snippet {
    include snippets/headers.conf;
    add_header X-Shop yes;
    proxy_pass http://web:8000;
  }
  location /inner { internal; add_header X-Shop yes; proxy_pass http://web:8000; }
  location /old { add_header X-Shop yes; return 301 https://shop.example.org/; }
}
```
"""

from collections.abc import Iterator

from flask_preflight.artifacts.proxy import Proxy, ProxySetting
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.proxy._sites import PASSES, included

LOST = Message("{0} is not sent for {1}: its own header replaces all of those around it")
PROTECTING = frozenset(
    "strict-transport-security content-security-policy x-frame-options x-content-type-options "
    "referrer-policy permissions-policy".split()
)
MERGED = ("add_header_inherit", "more_set_headers", "internal")
FILES = ("root", "alias")
SNIFFED = "X-Content-Type-Options"
SHARING = "access-control-"


@rule(
    "NGX007",
    "response-header-lost",
    "warning",
    "security",
    "CWE-693",
    "gixy:add_header_redefinition",
)
def check(proxy: Proxy) -> Results:
    seen: set[tuple[int, ...]] = set()
    for setting in proxy.given("add_header", "add_trailer"):
        if len(setting.blocks) < 2 or setting.blocks in seen:
            continue
        seen.add(setting.blocks)
        lost = _lost(proxy, setting)
        if not lost or any(proxy.around(setting, *MERGED)):
            continue
        where = setting.block.removeprefix("location ")
        inside = {one.name for one in _inside(proxy, setting)}
        if inside.intersection(PASSES):
            yield Result(setting.location, LOST(" and ".join(sorted(lost)), where))
        elif SNIFFED in lost and "return" not in inside and any(proxy.around(setting, *FILES)):
            # Of what protects pages, this alone matters for files.
            yield Result(setting.location, LOST(SNIFFED, where), level="note")


def _lost(proxy: Proxy, setting: ProxySetting) -> set[str]:
    """The names that the nearest block around it sets and its own does not."""
    headers = list(proxy.around(setting, "add_header"))
    outside = [one for one in headers if one.blocks != setting.blocks]
    if not outside or included(proxy, setting):
        return set()
    nearest = max(len(one.blocks) for one in outside)
    outer = {_name(one) for one in outside if len(one.blocks) == nearest and _matters(one)}
    # The proxied application may send what is only an outer default here.
    return outer - {_name(one) for one in headers if one.blocks == setting.blocks}


def _name(setting: ProxySetting) -> str:
    return setting.words[0].title() if setting.words else ""


def _matters(setting: ProxySetting) -> bool:
    name = setting.words[0].lower() if setting.words else ""
    return name in PROTECTING or name.startswith(SHARING)


def _inside(proxy: Proxy, setting: ProxySetting) -> Iterator[ProxySetting]:
    depth = len(setting.blocks)
    return (one for one in proxy.settings if one.blocks[:depth] == setting.blocks)
