"""Reverse proxies: what they listen on, whom they forward to, and which headers they set."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from flask_preflight.artifacts.compose_roles import says_development
from flask_preflight.facts import Entry, Listen, lower, plain_level
from flask_preflight.lazy import expression
from flask_preflight.result import Fix, Level, Location
from flask_preflight.rule import Rule
from flask_preflight.run import File, Role, Tree

if TYPE_CHECKING:
    from flask_preflight.artifacts.directives import Directive

Match = Literal["prefix", "exact", "regex", "named"]
Lookup = Callable[[str], "str | None"]
_LOOPBACK = frozenset(("localhost", "127.0.0.1", "::1", "[::1]"))
_HARMLESS = frozenset("mime.types proxy_params uwsgi_params fastcgi_params scgi_params".split()) | {
    "*.conf",
    "*",
}
"""What is often included and changes no directive that is given beside it.

Files for sites, `conf.d/*.conf`, hold whole servers.
"""
_VARIABLE = expression(r"\$\{?([A-Z_][A-Z0-9_]*)\}?")


class Upstream(NamedTuple):
    """Where requests go: a host and port, or a socket in the file system (`port` None)."""

    host: str
    port: int | None
    location: Location
    scheme: str = "http"


class ProxyRoute(NamedTuple):
    """A part of a site that is forwarded.

    `headers` are those it sets, lower case; None where that is unknown; `sets` are the values that
    are written for them. `target` is what it forwards to as written; without upstreams it depends
    on variables. `version` is that of HTTP, empty where nginx decides. `rewritten`: the path is, or
    may be, another one when it is forwarded, by something beside the target.
    """

    path: str
    upstreams: tuple[Upstream, ...]
    headers: frozenset[str] | None
    location: Location
    match: Match = "prefix"
    target: str = ""
    sets: Mapping[str, str] = {}
    version: str = ""
    rewritten: bool = False

    def reaches(self, lookup: Lookup) -> tuple[Upstream, ...]:
        """The upstreams, with the variables replaced that a template takes from outside."""
        if self.upstreams or "$" not in self.target:
            return self.upstreams
        unknown = False

        def value(found: re.Match[str]) -> str:
            nonlocal unknown
            given = lookup(found[1])
            unknown = unknown or given is None
            return given or ""

        target = _VARIABLE.sub(value, self.target)
        if unknown or "$" in target or len(target) > 2_000:
            return ()
        host, scheme = split_scheme(target, "http")
        return (upstream(host, self.location, scheme),)


class ProxySetting(NamedTuple):
    """A directive of nginx: its words after the name, and the blocks around it, outermost first.

    A block is written as in the file, "location /static"; `blocks` are the offsets of the same
    blocks, which tell two of one name apart. `written` is None for what is no directive of a file.
    """

    name: str
    words: tuple[str, ...]
    around: tuple[str, ...]
    location: Location
    blocks: tuple[int, ...] = ()
    written: Directive | None = None

    @property
    def text(self) -> str:
        return " ".join(self.words)

    @property
    def block(self) -> str:
        """The innermost block around it."""
        return self.around[-1] if self.around else ""

    def instead(self, text: str) -> Fix | None:
        """Write other words after its name."""
        if self.written is None:
            return None
        return Fix(f"write {text}", (self.written.instead(text),), safe=True)

    def preceded_by(self, text: str) -> Fix | None:
        """Write another directive before it."""
        if self.written is None:
            return None
        return Fix(f"add {text}", (self.written.preceded_by(text),), safe=True)


class Site:
    """A virtual server.

    `tls` None: it may be switched on by what could not be read. `open_headers` likewise.
    """

    def __init__(self, names: tuple[str, ...], location: Location) -> None:
        self.names = names
        self.location = location
        self.listens: list[Listen] = []
        self.clear: list[Listen] = []
        """Those of its addresses on which it answers without TLS."""
        self.is_local = False
        """Whether it only answers on loopback or a socket of the file system."""
        self.tls: bool | None = None
        self.routes: list[ProxyRoute] = []
        self.redirects_to_https = False
        self.behind_another = False
        """Whether it takes over what a proxy in front of it says about the client."""
        self.entries: list[Entry] = []
        """Whom it forwards to, filled by the links."""
        self.behind: dict[Location, list[Entry]] = {}
        """The same for each route, by its place."""
        self.serves_flask: bool | None = None
        """Whether that is an application of Flask; None where it leads to nothing known here."""

    def leads_to_flask(self, route: ProxyRoute) -> bool | None:
        """Whether a route is one of a Flask application; None where that is not known."""
        entries = self.behind.get(route.location)
        if entries:
            return any(entry.application is not None for entry in entries)
        return None if self.entries else self.serves_flask

    def route(self, path: str) -> ProxyRoute | None:
        """What forwards a request for this path; None where that depends on an expression.

        Source: https://nginx.org/en/docs/http/ngx_http_core_module.html#location
        """
        if any(one.match == "regex" for one in self.routes):
            return None
        exact = (one for one in self.routes if one.match == "exact" and one.path == path)
        fitting = [one for one in self.routes if one.match == "prefix"]
        fitting = [one for one in fitting if path.startswith(one.path)]
        longest = max(fitting, key=lambda one: len(one.path), default=None)
        named = (one for one in self.routes if one.match == "named")
        return next(exact, longest or next(named, None))

    def at(self, *keys: str | int) -> Location:
        """Where it says on which address it listens, else where it begins."""
        return self.listens[0].location if self.listens else self.location


class Proxy:
    """One configuration file of a proxy; `sites` are only filled for nginx and Caddy.

    `entries` are the containers that run it, `places` where they find it, `beside` the other files
    of the same proxy, and `fronts` what ends TLS before it; the links fill them.
    """

    def __init__(self, product: str, path: str, role: Role) -> None:
        self.product = product
        self.path = path
        self.role: Role = role
        self.sites: list[Site] = []
        self.settings: list[ProxySetting] = []
        """The directives of the file itself, without what it includes."""
        self.is_open = False
        """Whether more sites may be in files that were not read."""
        self._by_block: dict[tuple[tuple[int, ...], str], list[ProxySetting]] | None = None
        self.entries: list[Entry] = []
        self.places: set[str] = set()
        self.beside: list[Proxy] = []
        self.fronts: list[Location] = []

    @property
    def title(self) -> str:
        """How a message names it."""
        return _TITLES.get(self.product, self.product)

    def given(self, *names: str) -> Iterator[ProxySetting]:
        """The directives of these names, at every depth."""
        return (one for one in self.settings if one.name in names)

    def around(self, setting: ProxySetting, *names: str) -> Iterator[ProxySetting]:
        """The directives of these names in the blocks that hold the setting, innermost first."""
        if self._by_block is None:
            self._by_block = {}
            for one in self.settings:
                self._by_block.setdefault((one.blocks, one.name), []).append(one)
        for depth in range(len(setting.blocks), -1, -1):
            for name in names:
                yield from self._by_block.get((setting.blocks[:depth], name), ())

    def block(self, setting: ProxySetting) -> ProxySetting | None:
        """The directive whose block the setting stands in."""
        above = self.settings if setting.blocks else ()
        return next((one for one in above if _opens(one, setting.blocks)), None)

    def inside(self, setting: ProxySetting) -> list[ProxySetting]:
        """The directives directly in its block."""
        return [one for one in self.settings if _opens(setting, one.blocks)]

    def effective(self, route: ProxyRoute, name: str) -> ProxySetting | Literal["default"] | None:
        """nginx's directive that counts for a route; None where an include may hold another."""
        here = next((one for one in self.settings if one.location == route.location), None)
        if here is None or self.product != "nginx":
            return None
        found = next(self.around(here, name), None)
        if found is not None and found.blocks == here.blocks:
            return found
        included = (one.text.rpartition("/")[2] for one in self.around(here, "include"))
        if any(text not in _HARMLESS for text in included):
            return None
        if found is not None:
            return found
        return None if any(any(one.given(name)) for one in self.beside) else "default"

    def at(self, *keys: str | int) -> Location:
        return Location(self.path)

    def level(self, rule: Rule) -> Level | None:
        """Production only, and not where only what is for development runs it."""
        if self.entries and not any(entry.role == "production" for entry in self.entries):
            return None
        if self.role == "development" and rule.development:
            return lower(rule.level)
        return plain_level(self.role, rule)


def _opens(setting: ProxySetting, blocks: tuple[int, ...]) -> bool:
    written = setting.written
    return written is not None and (*setting.blocks, written.starts[0]) == blocks


def seconds(text: str) -> float | None:
    """A time of nginx, "90", "1m 30s" or "500ms", in seconds."""
    found = re.findall(r"(\d{1,9})(ms|[smhdwMy]?)", text)
    if not found or "".join(map("".join, found)) != text.replace(" ", ""):
        return None
    return sum(int(number) * _SECONDS[unit] for number, unit in found)


def size(text: str) -> int | None:
    """A size of nginx, "8m", in bytes."""
    found = re.fullmatch(r"(\d{1,12})([kKmMgG]?)", text)
    return int(found[1]) << _SHIFTS[found[2].lower()] if found is not None else None


_TITLES = {"caddy": "Caddy", "traefik": "Traefik", "haproxy": "HAProxy", "apache": "Apache"}
_SHIFTS = {"": 0, "k": 10, "m": 20, "g": 30}
_SECONDS = {
    "ms": 0.001,
    "": 1,
    "s": 1,
    "m": 60,
    "h": 3600,
    "d": 86400,
    "w": 604800,
    "M": 2592000,
    "y": 31536000,
}
_SCHEME = expression(r"(https?|grpcs?|s?uwsgi|fastcgi)://")


def split_scheme(target: str, default: str) -> tuple[str, str]:
    """What follows the scheme of a target, and the scheme."""
    found = _SCHEME.match(target)
    return (target, default) if found is None else (target[found.end() :], found[1])


def upstream(text: str, where: Location, scheme: str = "http") -> Upstream:
    """An upstream as written, `host:port/path` or `unix:/path`."""
    if text.startswith("unix:"):
        path = "/" + text[5:].partition(":")[0].lstrip("/")
        return Upstream("unix:" + path, None, where, scheme)
    host = text.partition("/")[0]
    name, colon, port = host.rpartition(":")
    if colon and re.fullmatch("[0-9]{1,5}", port):
        return Upstream(name, int(port), where, scheme)
    return Upstream(host, {"http": 80, "https": 443}.get(scheme), where, scheme)


def is_loopback(host: str) -> bool:
    """Whether an address is only reached from the same machine."""
    return host in _LOOPBACK or re.fullmatch(r"127(?:\.\d{1,3}){3}", host) is not None


def assemble(tree: Tree) -> Iterable[Proxy]:
    """Every proxy configuration of the repository."""
    readers: dict[str, Any] = {}
    found = []
    for file in tree.of("proxy"):
        text = tree.text(file.path)
        product = product_of(file, text) if text is not None else ""
        if text is None or not product:
            continue
        file = file._replace(role=_role(tree, file, text))
        if product not in readers:
            readers[product] = _reader(product, tree)
        reader = readers[product]
        proxy = reader.proxy(file, text) if reader else Proxy(product, file.path, file.role)
        if proxy is not None:
            found.append(proxy)
    return found


def _reader(product: str, tree: Tree) -> Any:
    """What reads the files of a product; None where nothing does."""
    if product not in ("nginx", "caddy", "traefik", "haproxy"):
        return None
    return import_module(f"flask_preflight.artifacts.{product}").Configurations(tree)


_TEMPLATE = expression(r".*\.(?:j2|jinja2?|jnj|tpl|erb|template)\Z")


def _role(tree: Tree, file: File, text: str) -> Role:
    """That of its path, unless it says more: a template in a package is written for others."""
    if file.role != "production":
        return file.role
    name = file.path.rpartition("/")[2]
    if says_development(text, name):
        return "development"
    if _TEMPLATE.match(name.lower()):
        parts = file.path.split("/")[:-1][:20]
        above = ("/".join(parts[:count]) for count in range(1, len(parts) + 1))
        if any(tree.file(f"{folder}/__init__.py") for folder in above):
            return "template"
    return "production"


_NGINX = expression(
    r"^[ \t]*(?:server|http|events|stream)[ \t]*\{|^[ \t]*(?:upstream[ \t]+\S{1,100}"
    r"|location[ \t][^{;\n]{1,300})[ \t]*\{"
    r"|^[ \t]*(?:listen|proxy_pass|uwsgi_pass|server_name|proxy_set_header|include|ssl_\w+"
    r"|add_header|root|return|try_files)[ \t][^;\n]*;",
    re.MULTILINE,
)
_APACHE = expression(
    r"^[ \t]*(?:<VirtualHost\b|WSGIScriptAlias\b|ProxyPass\b|RewriteEngine\b)", re.I | re.M
)
_HAPROXY = expression(r"^(?:frontend|backend|listen|defaults|global)\b", re.MULTILINE)


def product_of(file: File, text: str) -> str:
    """Which proxy a file configures, by its name and text; empty where it is none."""
    name = file.path.rpartition("/")[2].lower()
    if "traefik" in name or name.endswith((".yml", ".yaml", ".toml", ".json")):
        return "traefik"
    if "caddyfile" in name:
        return "caddy"
    if "haproxy" in name or name.endswith(".cfg") and _HAPROXY.search(text):
        return "haproxy"
    head = text[:65_536]
    if name in ("httpd.conf", "apache2.conf", ".htaccess") or _APACHE.search(head):
        return "apache"
    named = re.search(r"nginx|\.vhost\b", name) is not None
    return "nginx" if named or sum(1 for _ in _NGINX.finditer(head)) >= 2 else ""
