"""Reverse proxies: what they listen on, whom they forward to, and which headers they set."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from flask_preflight.facts import Listen, plain_level
from flask_preflight.result import Level, Location
from flask_preflight.rule import Rule
from flask_preflight.run import Role, Tree


class Upstream(NamedTuple):
    """Where requests go: a host and port, or a socket in the file system (`port` None)."""

    host: str
    port: int | None
    location: Location
    scheme: str = "http"


class ProxyRoute(NamedTuple):
    """A part of a site that is forwarded; `headers` are those it sets, lower case."""

    path: str
    upstreams: tuple[Upstream, ...]
    headers: frozenset[str] | None
    location: Location


class Site:
    """A virtual server."""

    def __init__(self, names: tuple[str, ...], location: Location) -> None:
        self.names = names
        self.location = location
        self.listens: list[Listen] = []
        self.tls: bool | None = None
        self.routes: list[ProxyRoute] = []
        self.redirects_to_https = False
        self.behind_another = False
        """Whether it takes over what a proxy in front of it says about the client."""

    def at(self, *keys: str | int) -> Location:
        return self.location


class Proxy:
    """One configuration file of a proxy; `sites` are only filled for nginx."""

    def __init__(self, product: str, path: str, role: Role) -> None:
        self.product = product
        self.path = path
        self.role: Role = role
        self.sites: list[Site] = []
        self.is_open = False
        """Whether more of it is in files that were not read."""

    def at(self, *keys: str | int) -> Location:
        return Location(self.path)

    def level(self, rule: Rule) -> Level | None:
        return plain_level(self.role, rule)


def assemble(tree: Tree) -> Iterable[Proxy]:
    """Every proxy configuration of the repository."""
    from flask_preflight.artifacts.nginx import read

    for file in tree.of("proxy"):
        name = file.path.rpartition("/")[2].lower()
        text = tree.text(file.path)
        if text is None:
            continue
        product = _product(name)
        if product != "nginx":
            yield Proxy(product, file.path, file.role)
            continue
        found = read(file, text, tree)
        if found is not None:
            yield found


def _product(name: str) -> str:
    if "caddyfile" in name:
        return "caddy"
    if "traefik" in name:
        return "traefik"
    if name in ("httpd.conf", "apache2.conf", ".htaccess"):
        return "apache"
    return "haproxy" if "haproxy" in name else "nginx"
