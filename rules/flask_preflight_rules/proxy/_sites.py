"""What the rules about the sites of a proxy have in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Literal

from flask_preflight.artifacts.compose import Service
from flask_preflight.artifacts.proxy import Proxy, ProxyRoute, ProxySetting, Site, is_loopback
from flask_preflight.facts import Entry, Listen
from flask_preflight.lazy import expression
from flask_preflight.result import Fix

ADDRESSES = frozenset("x-forwarded-for x-real-ip forwarded true-client-ip".split())
"""Headers that tell the application the address of the client."""
NAMES = frozenset("host x-forwarded-host".split())
"""Headers that tell it the name that the client asked for."""
FORWARDED = ADDRESSES | NAMES | frozenset(("x-forwarded-proto", "x-forwarded-port", "upgrade"))
"""All headers without which an application is wrong about the request."""
PASSES = ("proxy_pass", "uwsgi_pass", "fastcgi_pass", "grpc_pass", "scgi_pass")
MAX_LISTENS = 100
APPLICATION = expression(r"\Aunix:|app|web|flask|api|backend|gunicorn|wsgi")


def reached(entry: Entry, listens: Iterable[Listen]) -> bool:
    """Whether the machine offers an address of a site to others, as far as Compose decides it."""
    part = entry.part
    if entry.role != "production" or not isinstance(part, Service):
        return False
    ports = [listen.port for listen in listens]
    return any(part.is_public(port) and port.number in ports for port in part.ports)


def is_offered(proxy: Proxy, site: Site, listens: Iterable[Listen]) -> bool:
    """Whether clients reach the application there: published, or on a machine with a name."""
    if proxy.entries:
        return bool(site.serves_flask) and any(reached(entry, listens) for entry in proxy.entries)
    return site.serves_flask is not False and any(map(is_public, site.names))


def is_exposed(proxy: Proxy, setting: ProxySetting) -> bool:
    """Whether clients that nothing keeps out reach what a setting is about."""
    for guard in proxy.around(setting, "deny", "internal", "auth_basic", "auth_request"):
        if guard.text != "off":
            return False
    found = islice(proxy.around(setting, "listen"), MAX_LISTENS)
    listens = [one.words[0] for one in found if one.words]
    hosts = [word.rpartition(":")[0] if ":" in word else word for word in listens]
    if hosts and all(host == "unix" or is_loopback(host) for host in hosts):
        return False
    services = [one.part for one in proxy.entries if isinstance(one.part, Service)]
    numbers = [int(last) for word in listens if (last := word.rpartition(":")[2][:9]).isdigit()]
    numbers = numbers or [80]
    ports = ((service, port) for service in services for port in service.ports)
    return not services or any(
        one.is_public(port) and port.number in numbers for one, port in ports
    )


def app_routes(site: Site) -> Iterator[ProxyRoute]:
    """What is forwarded to an application of Flask: surely, or by how its server is called."""
    for route in site.routes:
        known = site.leads_to_flask(route)
        hosts = [one.host for one in route.upstreams]
        guessed = any(is_loopback(host) or _is_named_so(host) for host in hosts)
        if known or known is None and guessed and not site.entries:
            yield route


def _is_named_so(host: str) -> bool:
    return APPLICATION.search(host) is not None and not is_public(host)


def is_public(name: str) -> bool:
    """Whether it is a name that clients elsewhere may use."""
    inside = (".local", ".internal", ".localhost", ".test", ".lan")
    return "." in name and not name.endswith(inside) and not name.replace(".", "").isdigit()


def included(proxy: Proxy, setting: ProxySetting) -> bool:
    """Whether a file that the same block includes may hold what stands beside the setting."""
    return any(one.blocks == setting.blocks for one in proxy.around(setting, "include"))


def lost_headers(proxy: Proxy, route: ProxyRoute) -> tuple[frozenset[str], ProxySetting | None]:
    """What is set around a route and lost by headers of its own, and the first of those."""
    here = next((one for one in proxy.settings if one.location == route.location), None)
    if here is None:
        return frozenset(), None
    headers = list(proxy.around(here, "proxy_set_header"))
    depths = sorted({len(one.blocks) for one in headers}, reverse=True)
    if len(depths) < 2:
        return frozenset(), None
    own = [one for one in headers if len(one.blocks) == depths[0]]
    outer = [one for one in headers if len(one.blocks) == depths[1]]
    if included(proxy, own[0]):
        return frozenset(), None
    lost = frozenset(map(_header, outer)) & FORWARDED - frozenset(map(_header, own))
    first = min(own, key=lambda one: one.location.region)
    return lost, first if lost else None


def with_header(proxy: Proxy, route: ProxyRoute, header: str) -> Fix | None:
    """Set one more header where those of a route are set; none where that is not in this file."""
    here = next((one for one in proxy.settings if one.location == route.location), None)
    if here is None:
        return None
    written = list(proxy.around(here, "proxy_set_header"))
    own = [one for one in written if one.blocks == written[0].blocks]
    if route.headers != frozenset(map(_header, own)):
        return None
    return (own or [here])[0].preceded_by(f"proxy_set_header {header};")


def _header(setting: ProxySetting) -> str:
    return setting.words[0].lower() if setting.words else ""


def reach(proxy: Proxy, port: int) -> Literal["all", "machine", "network", "unknown"]:
    """From where a port of the proxy is reached; `unknown` where nothing says what runs it."""
    found: set[str] = set()
    for entry in proxy.entries:
        part = entry.part
        if not isinstance(part, Service):
            found.add("network")
            continue
        published = [one for one in part.ports if one.number == port]
        if part.network_mode == "host" or any(map(part.is_public, published)):
            return "all"
        found.add("machine" if published else "network")
    return "unknown" if not found else "machine" if "machine" in found else "network"
