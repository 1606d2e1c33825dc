"""The name of the application is in a variable, and nothing tells nginx how to look it up.

nginx resolves a name once, when it starts, unless it stands in a variable; then it asks its
`resolver` for every request, and without one answers 502: "no resolver defined".

Fix: name a resolver, in Docker `resolver 127.0.0.11 valid=10s;`, or write the name itself in
`proxy_pass`.

Sources: nginx, "Module ngx_http_proxy_module: proxy_pass".

```nginx bad nginx.conf {6}
events {}
http {
  server {
    listen 80;
    set $backend web;
    location / { proxy_pass http://$backend:8000; }
  }
}
```

```nginx bad nginx.conf {4}
server {
  listen 80;
  set $backend web;
  location / { proxy_pass http://$backend:8000; }
}
```

```yaml bad compose.yaml
services:
  proxy:
    image: nginx:1.29
    volumes: ["./nginx.conf:/etc/nginx/conf.d/default.conf:ro"]
```

```nginx fixed nginx.conf
server {
  listen 80;
  set $backend web;
  location / { resolver 127.0.0.11 valid=10s; proxy_pass http://$backend:8000; }
}
```

```nginx good nginx.conf
events {}
http {
  upstream shop { server web:8000; }
  server {
    listen 80;
    resolver 127.0.0.11 valid=10s;
    set $backend web;
    location / { proxy_pass http://$backend:8000; }
  }
  server {
    listen 81;
    set $target shop;
    location / { proxy_pass http://$target; }
    location /ip { set $ip 10.0.0.7; proxy_pass http://$ip:8000; }
    location /asked { proxy_pass http://$arg_host; }
  }
}
```

```nginx good sites/default.conf
server {
  listen 80;
  set $backend web;
  location / { proxy_pass http://$backend:8000; }
}
```
"""

import re

from flask_preflight.artifacts.compose import Service
from flask_preflight.artifacts.proxy import Proxy, ProxySetting, split_scheme
from flask_preflight.lazy import expression
from flask_preflight.rule import Message, Result, Results, rule

UNKNOWN = Message("each request ends in 502: nginx has no resolver for {0}, the value of ${1}")
RESOLVER = "resolver 127.0.0.11 valid=10s;"
"""That of Docker, for the names of services."""
_VARIABLE = expression(r"\$\{?([a-z_][a-z0-9_]*)\}?")
_NAME = expression(r"[A-Za-z][A-Za-z0-9_.-]*\Z")


@rule(
    "NGX206",
    "resolver-missing",
    "error",
    "configuration",
    "gixy:missing_resolver",
    sees="absent",
)
def check(proxy: Proxy) -> Results:
    if not _is_whole(proxy):
        return
    upstreams = {one.words[0] for one in proxy.given("upstream") if one.words}
    for setting in proxy.given("proxy_pass"):
        host = split_scheme(setting.text, "")[0].partition("/")[0].partition(":")[0]
        variable = _VARIABLE.fullmatch(host)
        if variable is None or any(proxy.around(setting, "resolver")):
            continue
        value = _value(proxy, setting, variable[1])
        if value and value not in upstreams:
            docker = all(isinstance(entry.part, Service) for entry in proxy.entries)
            fix = setting.preceded_by(RESOLVER) if proxy.entries and docker else None
            yield Result(setting.location, UNKNOWN(value, variable[1]), fix=fix)


def _is_whole(proxy: Proxy) -> bool:
    """Whether all that may name a resolver is in this file, or in those of the official image."""
    if proxy.is_open or any(any(one.given("resolver")) for one in proxy.beside):
        return False
    return any(proxy.given("http")) or bool(proxy.entries)


def _value(proxy: Proxy, setting: ProxySetting, name: str) -> str:
    """The name of a host that the variable holds; empty where it is none or unknown."""
    given = [one for one in proxy.given("set") if one.words and one.words[0] == f"${name}"]
    values = {re.sub(r":\d+\Z", "", one.words[-1]) for one in given}
    if len(values) != 1:
        return ""
    (value,) = values
    return value if _NAME.match(value) else ""
