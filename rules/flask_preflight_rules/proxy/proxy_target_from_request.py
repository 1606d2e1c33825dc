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

```nginx bad nginx.conf {7,11,13}
map $arg_to $backend {
  default "http://web:8000";
  ~^(.*)$ "http://$1";
}
server {
  listen 80;
  location /mapped { proxy_pass $backend; }
  location ~ ^/proxy/(.*)/(.*)$ {
    set $host $1;
    set $path $2;
    proxy_pass http://$host/$path;
  }
  location ~ ^/some/(?<place>.*)$ { proxy_pass http://shop$place; }
}
```

```nginx good nginx.conf
map $http_x_version $backend {
  default web;
  2 next;
}
server {
  listen 80;
  set $target web;
  location /versions { proxy_pass http://$backend:8000; }
  location /some { proxy_pass http://web$request_uri; }
  location ~ ^/page/(?<page>.*)$ { proxy_pass http://web:8000/$page; }
  location / { proxy_pass http://$target:8000$request_uri; }
  location /host { proxy_pass http://web:8000/$arg_page; }
}
```
"""

from flask_preflight.artifacts.nginx_grammar import HOLE
from flask_preflight.artifacts.proxy import Proxy, ProxySetting
from flask_preflight.lazy import expression
from flask_preflight.rule import Message, Result, Results, rule

CHOSEN = Message("a client chooses which server is asked: {0}")
HOST = expression(r"(?:(?:\w+|\$\w+|\$\{\w+\})://)?((?:\$\{\w+\}|[^/])*)")
VARIABLE = expression(r"\$(?:\{(\w+)\}|(\w+))")
GIVEN = expression(r"arg_\w+|http_\w+|cookie_\w+|args|query_string|[1-9]")
PATHS = ("uri", "request_uri", "document_uri")
"""They begin with a slash, so that they are part of a host only where nothing stands before."""
GROUPS = expression(r"\(\?P?<(\w+)>")
GUARDS = ("internal", "auth_request", "auth_basic", "deny")
MAX_DEPTH = 5


@rule("NGX203", "proxy-target-from-request", "error", "security", "CWE-918", "gixy:ssrf")
def check(proxy: Proxy) -> Results:
    guarded = {one.around for one in proxy.given(*GUARDS)}
    for one in proxy.given("proxy_pass", "uwsgi_pass", "grpc_pass"):
        if one.around not in guarded and _is_chosen(proxy, one, one.text, MAX_DEPTH):
            yield Result(one.location, CHOSEN(one.text))


def _is_chosen(proxy: Proxy, one: ProxySetting, text: str, depth: int) -> bool:
    """Whether the host of an address comes from what a client sends."""
    found = HOST.match(text)
    host = found[1] if found is not None and HOLE not in text else ""
    captured = {name for block in one.around for name in GROUPS.findall(block)}
    for variable in VARIABLE.finditer(host) if depth else ():
        name = variable[1] or variable[2]
        first = variable.start() == 0 and (found is None or found.start(1) == 0)
        if GIVEN.fullmatch(name) or name in captured or name in PATHS and first:
            return True
        if any(_is_chosen(proxy, one, value, depth - 1) for value in _values(proxy, one, name)):
            return True
    return False


def _values(proxy: Proxy, one: ProxySetting, name: str) -> list[str]:
    """What a variable may be: the nearest `set`, else the values of a `map`."""
    for given in proxy.around(one, "set"):
        if len(given.words) > 1 and given.words[0] == f"${name}":
            return [given.words[1]]
    for given in proxy.given("map"):
        if given.words[-1:] == (f"${name}",):
            return [value.words[-1] for value in proxy.inside(given) if value.words]
    return []
