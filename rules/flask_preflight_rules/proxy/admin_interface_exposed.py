"""The interface that controls the proxy answers to others, and asks for no password.

Over Caddy's and HAProxy's whoever reaches it sends all requests elsewhere. Traefik's shows every
route, service and hash of a password that it knows.

Fix: leave the interface where it is by default: `admin localhost:2019` for Caddy, a socket in the
file system for HAProxy. For Traefik delete `api.insecure` and give the dashboard a router with a
password.

Intended: when only a container that configures the proxy shares its network.

Sources: Caddy, "Global options: admin"; Traefik, "API: insecure"; HAProxy, "stats socket"; CWE-306.

```caddyfile bad Caddyfile {2}
{
        admin 0.0.0.0:2019
}
shop.example.org {
        reverse_proxy web:8000
}
```

```yaml bad compose.yaml {4,11}
services:
  traefik:
    image: traefik:v3.5
    command: ["--providers.docker", "--api.insecure=true"]
    ports: ["443:443", "8080:8080"]
  caddy:
    image: caddy:2
    volumes: ["./Caddyfile:/etc/caddy/Caddyfile"]
  other:
    image: caddy:2
    environment: {CADDY_ADMIN: ":2019"}
    ports: ["80:80"]
    volumes: ["./other/Caddyfile:/etc/caddy/Caddyfile"]
```

```caddyfile bad other/Caddyfile
:80 {
        respond "Hello"
}
```

```haproxy bad haproxy.cfg {3}
global
  stats socket /run/haproxy.sock level admin
  stats socket ipv4@*:9999 level admin
```

```caddyfile good Caddyfile
{
        admin localhost:2019
}
admin.example.org {
        reverse_proxy web:8000
}
```

```caddyfile good off/Caddyfile
{
        admin off
}
```

```yaml good compose.yaml
services:
  traefik:
    image: traefik:v3.5
    command: ["--providers.docker", "--api=true", "--api.insecure=false"]
    ports: ["443:443", "8080:8080"]
```

```haproxy good haproxy.cfg
global
  stats socket /run/haproxy.sock level admin
  stats socket 127.0.0.1:9999 level admin
  stats socket :9998 level user
```

```yaml good traefik.yml
api:
  dashboard: true
entryPoints:
  web:
    address: ":80"
```
"""

from collections.abc import Iterator
from typing import NamedTuple

from flask_preflight.artifacts.proxy import Proxy, ProxySetting
from flask_preflight.artifacts.traefik import own_port
from flask_preflight.lazy import expression
from flask_preflight.result import Level, Location
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.proxy._sites import reach

CONTROLLED = Message("whoever reaches port {0} decides where {1} sends requests", "control")
SHOWN = Message("whoever reaches port {0} reads what Traefik knows, without a password", "show")
ANYWHERE = expression(r"(?:tcp/|ipv[46]@)?(?:0\.0\.0\.0|\[::\]|::|\*)?:(\d{1,5})\Z")
READ_BY: dict[str, Level] = {"all": "error", "unknown": "warning"}


class Door(NamedTuple):
    """Where an interface is opened; `setting` is the directive of Caddy that does so."""

    location: Location
    port: int
    setting: ProxySetting | None = None


@rule("NGX306", "admin-interface-exposed", "error", "security", "CWE-306")
def check(proxy: Proxy) -> Results:
    if proxy.product == "traefik":
        yield from _of_traefik(proxy)
    elif proxy.product in ("caddy", "haproxy"):
        for door in _of_caddy(proxy) if proxy.product == "caddy" else _of_haproxy(proxy):
            reached, fix = reach(proxy, door.port), None
            if door.setting is not None and reached == "all":
                # A container beside it may be meant to use it; machines elsewhere never are.
                fix = door.setting.instead(f"localhost:{door.port}")
            level: Level = "error" if reached in ("all", "unknown") else "warning"
            said = CONTROLLED(door.port, proxy.title)
            yield Result(door.location, said, fix=fix, level=level)


def _of_traefik(proxy: Proxy) -> Results:
    for one in proxy.given("api.insecure"):
        if one.text.lower() in ("", "true"):
            port = own_port(proxy)
            level = READ_BY.get(reach(proxy, port), "note")
            yield Result(one.location, SHOWN(port), level=level)


def _of_caddy(proxy: Proxy) -> Iterator[Door]:
    written = [one for one in proxy.given("admin") if one.around == ("",)]
    for one in written:
        found = ANYWHERE.match(one.words[0] if one.words else "")
        if found is not None:
            yield Door(one.location, int(found[1]), one)
    for entry in proxy.entries if not written else ():
        given = entry.environment.get("CADDY_ADMIN")
        found = ANYWHERE.match(given.value or "") if given is not None else None
        if given is not None and found is not None:
            yield Door(given.location, int(found[1]))


def _of_haproxy(proxy: Proxy) -> Iterator[Door]:
    for one in proxy.given("stats"):
        is_admin = "level admin" in one.text
        if one.block == "global" and one.words[:1] == ("socket",) and is_admin:
            found = ANYWHERE.match(one.words[1])
            if found is not None:
                yield Door(one.location, int(found[1]))
