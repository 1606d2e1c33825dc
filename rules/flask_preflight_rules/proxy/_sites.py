"""What the rules about the sites of a proxy have in common."""

from __future__ import annotations

from collections.abc import Iterable

from flask_preflight.artifacts.compose import Service
from flask_preflight.artifacts.proxy import Proxy, Site
from flask_preflight.facts import Entry, Listen


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


def is_public(name: str) -> bool:
    """Whether it is a name that clients elsewhere may use."""
    inside = (".local", ".internal", ".localhost", ".test", ".lan")
    return "." in name and not name.endswith(inside) and not name.replace(".", "").isdigit()
