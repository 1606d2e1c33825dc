"""nginx configuration: its grammar with contexts and includes, and the sites in it.

Source: https://nginx.org/en/docs/beginners_guide.html#conf_structure
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from flask_preflight.artifacts.build_files import joined
from flask_preflight.artifacts.proxy import Proxy, ProxyRoute, Site, Upstream
from flask_preflight.facts import Listen
from flask_preflight.lazy import expression
from flask_preflight.limits import MAX_INCLUDE_DEPTH
from flask_preflight.result import Location, Region
from flask_preflight.run import File, Tree

_MAX_DEPTH = 30
_STANDARD = frozenset("mime.types fastcgi_params uwsgi_params proxy_params scgi_params".split())
_MAX_WORD = 4_096


class Directive(NamedTuple):
    """A directive: its words (the first is the name), and its block if it has one."""

    words: tuple[str, ...]
    location: Location
    block: tuple[Directive, ...] | None = None

    @property
    def name(self) -> str:
        return self.words[0]

    @property
    def value(self) -> str:
        return self.words[1] if len(self.words) > 1 else ""

    def all(self, *names: str) -> Iterator[Directive]:
        """The directives of these names directly in the block."""
        return (one for one in self.block or () if one.name in names)


class Fault(Exception):
    """nginx would refuse the file here (line and column are 1-based)."""

    def __init__(self, reason: str, line: int, column: int) -> None:
        super().__init__(reason)
        self.reason, self.line, self.column = reason, line, column


_TOKEN = expression(
    r"(?P<space>\s+)|(?P<comment>#[^\n]*)|(?P<mark>[{};])"
    r"|(?P<quoted>\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')|(?P<word>(?:\$\{\w+\}|[^\s{};\"'#\\]|\\.|(?<=\S)#)+)",
    re.DOTALL,
)


class _Parser:
    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.position = 0
        self.line = 1
        self.line_start = 0

    def _next(self) -> tuple[str, str, Location] | None:
        """The next word or mark with its place."""
        while self.position < len(self.text):
            found = _TOKEN.match(self.text, self.position)
            if found is None:
                raise self._fault("unexpected character")
            kind, token = str(found.lastgroup), found[0]
            start, line, column = self.position, self.line, self.position - self.line_start + 1
            self._advance(token)
            if kind in ("space", "comment"):
                continue
            text = token[1:-1] if kind == "quoted" else token
            stop = column + len(token) if "\n" not in token else column + 1
            region = Region(line, column, line, stop)
            if len(token) > _MAX_WORD:
                raise Fault("word longer than nginx accepts", line, start - self.line_start + 1)
            return ("mark" if kind == "mark" else "word"), text, Location(self.path, region)
        return None

    def _advance(self, token: str) -> None:
        lines = token.count("\n")
        if lines:
            self.line += lines
            self.line_start = self.position + token.rfind("\n") + 1
        self.position += len(token)

    def _fault(self, reason: str) -> Fault:
        return Fault(reason, self.line, self.position - self.line_start + 1)

    def block(self, depth: int = 0) -> tuple[Directive, ...]:
        """The directives up to the end of the block, or of the file."""
        if depth > _MAX_DEPTH:
            raise self._fault("blocks nested too deeply")
        found: list[Directive] = []
        words: list[str] = []
        where: Location | None = None
        while (token := self._next()) is not None:
            kind, text, place = token
            if kind == "word":
                words.append(text)
                where = where or place
            elif text == "}":
                if words or not depth:
                    raise Fault(
                        'unexpected "}"', place.region.start_line, place.region.start_column
                    )
                return tuple(found)
            else:
                if where is None:
                    line, column = place.region.start_line, place.region.start_column
                    raise Fault(f'unexpected "{text}"', line, column)
                inner = self.block(depth + 1) if text == "{" else None
                found.append(Directive(tuple(words), where, inner))
                words, where = [], None
        if words or depth:
            raise self._fault('unexpected end of file, expecting ";" or "}"')
        return tuple(found)


def parse(path: str, text: str) -> tuple[Directive, ...]:
    """The directives of a file; raises Fault."""
    return _Parser(path, text).block()


_TEMPLATE = expression(r"\{\{|\{%|<%")


def read(file: File, text: str, tree: Tree) -> Proxy | None:
    """The proxy that a file configures; None where it is a template or cannot be parsed."""
    if _TEMPLATE.search(text):
        tree.skipped(file.path, "template of a proxy configuration")
        return None
    try:
        directives = parse(file.path, text)
    except Fault as fault:
        tree.unparsed(file.path, fault.reason, fault.line, fault.column)
        return None
    proxy = Proxy("nginx", file.path, file.role)
    _Reader(proxy, tree).fill(directives)
    return proxy


class _Reader:
    def __init__(self, proxy: Proxy, tree: Tree) -> None:
        self.proxy = proxy
        self.tree = tree
        self.upstreams: dict[str, tuple[Upstream, ...]] = {}

    def fill(self, directives: tuple[Directive, ...]) -> None:
        http = Directive(("http",), Location(self.proxy.path), self._included(directives, 0))
        blocks = [http, *(self._whole(one) for one in http.all("http"))]
        for block in blocks:
            for upstream in block.all("upstream"):
                self.upstreams[upstream.value] = tuple(
                    _upstream(server.value, server.location) for server in upstream.all("server")
                )
        for block in blocks:
            headers = _headers(block)
            for server in block.all("server"):
                self.proxy.sites.append(self._site(self._whole(server), headers))

    def _whole(self, one: Directive) -> Directive:
        return one._replace(block=self._included(one.block or (), 0))

    def _included(self, directives: tuple[Directive, ...], depth: int) -> tuple[Directive, ...]:
        """The directives with included files of the repository in their place."""
        found: list[Directive] = []
        for one in directives:
            path = joined(self.proxy.path.rpartition("/")[0], one.value) if one.value else None
            if one.name != "include" or path is None or self.tree.file(path) is None:
                found.append(one)
                standard = one.value.rpartition("/")[2] in _STANDARD
                self.proxy.is_open |= one.name == "include" and not standard
                continue
            text = self.tree.text(path)
            if text is not None and depth < MAX_INCLUDE_DEPTH:
                try:
                    found += self._included(parse(path, text), depth + 1)
                except Fault:
                    self.proxy.is_open = True
        return tuple(found)

    def _site(self, server: Directive, inherited: frozenset[str]) -> Site:
        names = tuple(name for one in server.all("server_name") for name in one.words[1:])
        site = Site(names, server.location)
        secure, plain = False, False
        for listen in server.all("listen"):
            is_secure = "ssl" in listen.words[2:] or "quic" in listen.words[2:]
            secure, plain = secure or is_secure, plain or not is_secure
            port = _port(listen.value)
            if port is not None:
                site.listens.append(Listen("", port, "http", listen.location))
        certified = any(server.all("ssl_certificate"))
        unknown = any(one.name == "include" for one in server.block or ())
        site.tls = True if secure or certified else None if unknown else False
        site.behind_another = any(server.all("real_ip_header", "set_real_ip_from"))
        headers = _headers(server) or inherited
        site.redirects_to_https = _redirects(server)
        self._routes(site, server, headers, "/", 0)
        return site

    def _routes(
        self, site: Site, block: Directive, headers: frozenset[str], path: str, depth: int
    ) -> None:
        own = _headers(block) or headers
        for one in block.all("proxy_pass", "uwsgi_pass", "fastcgi_pass", "grpc_pass"):
            site.routes.append(ProxyRoute(path, self._targets(one), own, one.location))
        for location in block.all("location", "if", "limit_except"):
            below = location.words[-1] if location.name == "location" else path
            if location.name == "location" and _redirects(location):
                site.redirects_to_https = site.redirects_to_https or below == "/"
            if depth < _MAX_DEPTH:
                self._routes(site, self._whole(location), own, below, depth + 1)

    def _targets(self, one: Directive) -> tuple[Upstream, ...]:
        scheme, found, rest = one.value.partition("://")
        host = rest if found else one.value
        name = re.split(r"[/]", host, maxsplit=1)[0]
        if name in self.upstreams:
            return self.upstreams[name]
        if "$" in name:
            return ()
        scheme = scheme if found else one.name.removesuffix("_pass")
        return (_upstream(host, one.location, scheme),)


def _upstream(text: str, where: Location, scheme: str = "http") -> Upstream:
    if text.startswith("unix:"):
        return Upstream(text, None, where, scheme)
    host = re.split(r"/", text, maxsplit=1)[0]
    name, colon, port = host.rpartition(":")
    if not colon or not port.isdigit() or len(port) > 5:
        number = {"http": 80, "https": 443}.get(scheme)
        return Upstream(host, number, where, scheme)
    return Upstream(name, int(port), where, scheme)


def _port(text: str) -> int | None:
    port = text.rpartition(":")[2]
    if port.isdigit() and len(port) < 6:
        return int(port)
    return 80 if re.fullmatch(r"[\d.]+|localhost", text) else None


def _headers(block: Directive) -> frozenset[str]:
    """The headers that a block sets for the server behind; inner blocks replace all of them."""
    names = (one.value.lower() for one in block.all("proxy_set_header", "uwsgi_param"))
    return frozenset(names)


def _redirects(block: Directive) -> bool:
    """Whether every request to a block is sent to HTTPS."""
    return any("https://" in " ".join(one.words[1:]) for one in block.all("return", "rewrite"))
