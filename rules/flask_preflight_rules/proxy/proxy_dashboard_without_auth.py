"""The dashboard of the proxy has an address for everybody, and asks for no password.

It shows every route, every service and its address; HAProxy's can also switch servers off.

Fix: give the router of Traefik's `api@internal` a middleware that asks, `basicauth`, `forwardauth`
or `ipallowlist`; write `stats auth` in HAProxy's section.

Sources: Traefik, "The Dashboard: Secure Mode"; HAProxy, "stats auth"; CWE-306.

```yaml bad compose.yaml {7}
services:
  traefik:
    image: traefik:v3.5
    command: ["--api", "--providers.docker", "--entrypoints.web.address=:80"]
    ports: ["80:80"]
    labels:
      - traefik.http.routers.board.service=api@internal
      - traefik.http.routers.board.rule=Host(`traefik.example.org`)
      - traefik.http.routers.board.middlewares=plain@docker
      - traefik.http.middlewares.plain.headers.framedeny=true
```

```haproxy bad haproxy.cfg {3,7}
listen stats
  bind *:8404
  stats enable
  stats uri /
frontend board
  bind :8405
  stats uri /
  stats admin if TRUE
```

```yaml good compose.yaml
services:
  traefik:
    image: traefik:v3.5
    command: ["--api", "--providers.docker", "--entrypoints.web.address=:80"]
    ports: ["80:80"]
    labels:
      - traefik.http.routers.board.service=api@internal
      - traefik.http.routers.board.rule=Host(`traefik.example.org`)
      - traefik.http.routers.board.middlewares=all
      - traefik.http.middlewares.all.chain.middlewares=plain,ask
      - traefik.http.middlewares.plain.headers.framedeny=true
      - traefik.http.middlewares.ask.basicauth.usersfile=/users
      - traefik.http.routers.other.service=api@internal
      - traefik.http.routers.other.rule=Host(`other.example.org`)
      - traefik.http.routers.other.middlewares=sso@file
      - traefik.http.routers.certified.service=api@internal
      - traefik.http.routers.certified.rule=Host(`certified.example.org`)
      - traefik.http.routers.certified.tls.options=certificates@file
      - traefik.http.routers.local.service=api@internal
      - traefik.http.routers.local.rule=Host(`traefik.localhost`)
      - traefik.http.routers.office.service=api@internal
      - traefik.http.routers.office.rule=Host(`a.example.org`) && ClientIP(`192.0.2.0/24`)
```

```yaml good inner/compose.yaml
services:
  traefik:
    image: traefik:v3.5
    command: ["--api", "--providers.docker", "--entrypoints.inner.address=:9000"]
    ports: ["80:80", "127.0.0.1:9000:9000"]
    labels:
      traefik.http.routers.board.service: api@internal
      traefik.http.routers.board.rule: PathPrefix(`/`)
      traefik.http.routers.board.entrypoints: inner
```

```haproxy good haproxy.cfg
listen stats
  bind *:8404
  stats enable
  stats auth "${STATS_USER}:${STATS_PASSWORD}"
listen inner
  bind 127.0.0.1:8405
  stats enable
frontend asked
  bind :8406
  stats uri /stats
  http-request auth unless { http_auth(users) }
```
"""

from flask_preflight.artifacts.proxy import Proxy, ProxySetting, is_loopback
from flask_preflight.artifacts.traefik import routers
from flask_preflight.lazy import expression
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.proxy._sites import is_public, reach

BOARD = Message("everybody can open Traefik's dashboard: the router {0} asks for no password")
STATS = Message("everybody can read what HAProxy does: {0} asks for no password", "haproxy")
RULED = Message("everybody can switch servers of HAProxy off: {0} asks for no password", "admin")
ASKS = frozenset("basicauth digestauth forwardauth ipallowlist ipwhitelist plugin".split())
HOST = expression(r"\bHost\(([^)]*)\)")
QUOTED = expression(r"[`\"]([^`\"]+)[`\"]")
OPEN = ("all", "unknown")
ANY = ("defaults", "global")


@rule("NGX307", "proxy-dashboard-without-auth", "error", "security", "CWE-306", sees="relation")
def check(proxy: Proxy) -> Results:
    if proxy.product == "traefik":
        yield from _of_traefik(proxy)
    elif proxy.product == "haproxy":
        yield from _of_haproxy(proxy)


def _of_traefik(proxy: Proxy) -> Results:
    settings = [one for part in (proxy, *proxy.beside) for one in part.settings]
    api = [one for one in settings if one.name.partition(".")[0] == "api"]
    if all(one.text == "false" for one in api):
        return
    for router in routers(proxy):
        if router.service not in ("api@internal", "dashboard@internal"):
            continue
        asked = router.options or router.middlewares is None or ASKS & router.middlewares
        offered = any(reach(proxy, port) in OPEN for port in router.ports or (80, 443))
        if not asked and offered and _is_for_all(router.rule):
            yield Result(router.location, BOARD(router.name))


def _is_for_all(condition: str) -> bool:
    """Whether a rule admits clients from elsewhere, under a name that they can know."""
    hosts = [name for found in HOST.finditer(condition) for name in QUOTED.findall(found[1])]
    return "ClientIP" not in condition and (not hosts or any(map(is_public, hosts)))


def _of_haproxy(proxy: Proxy) -> Results:
    seen = set()
    asked = any(one.text.startswith("auth") for one in proxy.given("stats") if one.block in ANY)
    for one in proxy.given("stats"):
        if asked or not one.block.startswith(("listen", "frontend")) or one.blocks in seen:
            continue
        seen.add(one.blocks)
        inside = [other for other in proxy.settings if other.blocks == one.blocks]
        told = [other.text.lower() for other in inside if other.name == "stats"]
        stats = {text.partition(" ")[0] for text in told}
        shown = {"enable", "uri"} & stats and not {"auth", "http-request"} & stats
        if shown and not any(map(_keeps_out, inside)) and _is_offered(proxy, inside):
            ruled = "admin if true" in told
            said = RULED(one.block) if ruled else STATS(one.block)
            yield Result(one.location, said, level=None if ruled else "warning")


def _keeps_out(line: ProxySetting) -> bool:
    verdict = line.text.removeprefix("connection ").partition(" ")[0]
    refuses = verdict in ("auth", "deny", "reject", "silent-drop")
    return line.name in ("http-request", "tcp-request") and refuses


def _is_offered(proxy: Proxy, inside: list[ProxySetting]) -> bool:
    """Whether the section listens where other machines come."""
    for one in inside:
        host, _, port = (one.words[0] if one.words else "").rpartition(":")
        if one.name == "bind" and port.isdigit() and not is_loopback(host):
            return reach(proxy, int(port[:5])) in OPEN
    return False
