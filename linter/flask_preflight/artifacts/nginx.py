"""nginx configuration: the sites in its files, with includes and inheritance.

Source: https://nginx.org/en/docs/http/ngx_http_core_module.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from flask_preflight.artifacts.directives import (
    Directive,
    Fault,
    Includes,
    TooLarge,
    settings_of,
)
from flask_preflight.artifacts.nginx_grammar import parse, plain
from flask_preflight.artifacts.proxy import (
    Match,
    Proxy,
    ProxyRoute,
    Site,
    Upstream,
    is_loopback,
    split_scheme,
    upstream,
)
from flask_preflight.facts import Listen
from flask_preflight.lazy import expression
from flask_preflight.limits import MAX_INCLUDE_DEPTH, MAX_INCLUDES
from flask_preflight.run import File, Tree

__all__ = ["Configurations", "Fault", "parse"]

_Block = tuple[Directive, ...]
_STANDARD = frozenset("mime.types fastcgi_params uwsgi_params proxy_params scgi_params".split())
"""Files that every distribution ships."""
_SETS: dict[str, frozenset[str]] = {
    "proxy_params": frozenset("host x-real-ip x-forwarded-for x-forwarded-proto".split()),
    "uwsgi_params": frozenset("https request_scheme remote_addr server_name".split()),
}
_HARMLESS = expression(
    r"modules-enabled/|mime\.types\Z|(?:fastcgi|uwsgi|proxy|scgi)_params\Z"
    r"|options-ssl-nginx\.conf\Z|ssl-dhparams|snakeoil"
)
_SCHEMES = {"uwsgi_pass": "uwsgi", "fastcgi_pass": "fastcgi", "grpc_pass": "grpc"}
_SETTERS = ("proxy_set_header", "uwsgi_param")
_PASSES = ("proxy_pass", "scgi_pass", *_SCHEMES)
_FORWARDED = expression(
    r"\$http_(?:x_forwarded_proto|cf_connecting_ip|cf_visitor|cloudfront_\w+)\b"
)
_MATCHES: dict[str, Match] = {"=": "exact", "~": "regex", "~*": "regex"}
_MAX_INCLUDED = 16 * 1024 * 1024
"""Characters of all included files; one that several include counts for each."""
_MAX_ROUTES = 2_000
_MAX_SITES = 1_000


class Configurations:
    """Reads the files of a repository, each once, however many include it."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._left = _MAX_INCLUDED
        self._parsed: dict[str, _Block | None] = {}
        self.includes = Includes(tree)

    def proxy(self, file: File, text: str) -> Proxy | None:
        """The proxy that a file configures; None where it cannot be read."""
        template = plain(text)
        try:
            directives = parse(file.path, template.text)
        except TooLarge:
            self.tree.unread(file.path, "it has too many words")
            return None
        except Fault as fault:
            if template.is_template:
                self.tree.skipped(file.path, "template of a proxy configuration")
            else:
                self.tree.unparsed(file.path, fault.reason, fault.line, fault.column)
            return None
        proxy = Proxy("nginx", file.path, file.role)
        proxy.is_open = template.alternatives
        _Reader(proxy, self).fill(directives)
        proxy.settings = list(settings_of(directives))
        return proxy

    def directives(self, path: str) -> _Block | None:
        """The directives of an included file; None where it cannot be read."""
        text = self.tree.text(path) if self.tree.file(path) else None
        self._left -= len(text or "")
        if self._left < 0:
            return None
        if path not in self._parsed:
            try:
                found = None if text is None else parse(path, plain(text).text)
            except (Fault, TooLarge):
                found = None
            self._parsed[path] = found
        return self._parsed[path]


class _Reader:
    def __init__(self, proxy: Proxy, files: Configurations) -> None:
        self.proxy = proxy
        self.files = files
        self.upstreams: dict[str, tuple[Upstream, ...]] = {}
        self.left = MAX_INCLUDES
        self.routes = 0

    def fill(self, directives: _Block) -> None:
        top = self._whole(directives)
        blocks = [top, *(self._whole(one.block or ()) for one in top if one.name == "http")]
        for block in blocks:
            self.proxy.is_open |= any(_opens(one) for one in block)
            for one in _named(block, "upstream"):
                self.upstreams[one.value] = tuple(
                    upstream(server.value, server.location) for server in one.all("server")
                )
        for block in blocks:
            above, behind = _above(block, _Above()), _is_behind(block)
            for server in _named(block, "server"):
                if len(self.proxy.sites) >= _MAX_SITES:
                    self.files.tree.unread(self.proxy.path, f"more than {_MAX_SITES} sites")
                    return
                site = self._site(server, above)
                site.behind_another |= behind
                self.proxy.sites.append(site)

    def _whole(self, directives: _Block, depth: int = 0) -> _Block:
        """The directives with included files of the repository in their place."""
        if not any(one.name == "include" for one in directives):
            return directives
        found: list[Directive] = []
        for one in directives:
            paths = self._paths(one) if one.name == "include" and depth < MAX_INCLUDE_DEPTH else []
            blocks = [self.files.directives(path) for path in paths]
            if not blocks or any(block is None for block in blocks):
                found.append(one)
            for block in blocks:
                found += self._whole(block or (), depth + 1)
        return tuple(found)

    def _paths(self, one: Directive) -> list[str]:
        """The files that an include means, from the folders that may become `/etc/nginx`."""
        if self.left <= 0 or not one.value:
            return []
        self.left -= 1
        here = self.proxy.path.rpartition("/")[0]
        for folder in dict.fromkeys((here, here.rpartition("/")[0])):
            paths = self.files.includes.matching(folder, one.value.removeprefix("/etc/nginx/"))
            if paths:
                return [path for path in paths if path != self.proxy.path][: self.left]
        return []

    def _site(self, server: Directive, above: _Above) -> Site:
        block = self._whole(server.block or ())
        names = tuple(name for one in _named(block, "server_name") for name in one.words[1:])
        site = Site(names, server.location)
        listens = list(_named(block, "listen"))
        secure = any({"ssl", "quic"}.intersection(one.words[2:]) for one in listens)
        certified = any(_named(block, "ssl_certificate"))
        switched = any(one.value == "on" for one in _named(block, "ssl"))
        unknown = any(_opens(one) for one in block)
        site.tls = True if secure or switched or certified else None if unknown else False
        self._listen(site, listens, unknown)
        covered = {one.location for one in listens if {"ssl", "quic"}.intersection(one.words[2:])}
        if not switched:
            left = (one for one in site.listens if one.location not in covered and one.port != 443)
            site.clear = list(left)
        proxied = any("proxy_protocol" in one.words for one in listens)
        site.behind_another = proxied or _is_behind(block)
        site.redirects_to_https = _redirects(block)
        self._routes(site, block, above, "/", "prefix")
        return site

    def _listen(self, site: Site, listens: list[Directive], unknown: bool) -> None:
        local = []
        for one in listens:
            address = _address(one.value)
            if address is not None:
                site.listens.append(Listen(*address, "http", one.location))
            local.append(one.value.startswith("unix:") or bool(address and is_loopback(address[0])))
        if not listens and not unknown:
            site.listens.append(Listen("", 80, "http", site.location, default=True))
        site.is_local = bool(local) and all(local)

    def _routes(
        self,
        site: Site,
        block: _Block,
        above: _Above,
        path: str,
        match: Match,
    ) -> None:
        own = _above(block, above)
        for one in _named(block, *_PASSES):
            self.routes += 1
            if self.routes <= _MAX_ROUTES:
                targets = self._targets(one)
                route = ProxyRoute(path, targets, own.headers, one.location, match, one.value)
                site.routes.append(route._replace(sets=own.sets, version=own.version))
        for one in _named(block, "location", "if", "limit_except"):
            inner = self._whole(one.block or ())
            below, how = _match_of(one) if one.name == "location" else (path, match)
            self._routes(site, inner, own, below, how)

    def _targets(self, one: Directive) -> tuple[Upstream, ...]:
        host, scheme = split_scheme(one.value, _SCHEMES.get(one.name, "http"))
        name = host.partition("/")[0]
        if name in self.upstreams:
            return self.upstreams[name]
        return () if "$" in name else (upstream(host, one.location, scheme),)


def _named(block: _Block, *names: str) -> Iterator[Directive]:
    return (one for one in block if one.words[0] in names)


def _opens(one: Directive) -> bool:
    """Whether an include may hold anything."""
    return one.name == "include" and not _HARMLESS.search(one.value)


def _match_of(location: Directive) -> tuple[str, Match]:
    """The path of a location and how it is compared."""
    path = location.words[-1]
    modifier = location.value if len(location.words) > 2 else ""
    if path.startswith("@"):
        return path, "named"
    return path, _MATCHES.get(modifier, "prefix")


def _address(text: str) -> tuple[str, int] | None:
    """Host and port of `listen`; None for sockets of the file system and what is not known."""
    host, _, port = text.rpartition(":")
    if text.startswith("unix:"):
        return None
    if re.fullmatch("[0-9]{1,5}", port):
        return ("" if host == "*" else host), int(port)
    if re.fullmatch(r"[\d.]+|localhost|\*|\[[\dA-Fa-f:.]+\]|[\w.-]*[A-Za-z][\w.-]*", text):
        return ("" if text == "*" else text), 80
    return None


class _Above(NamedTuple):
    """What a block takes from those around it."""

    headers: frozenset[str] | None = frozenset()
    sets: Mapping[str, str] = {}
    version: str = ""


def _above(block: _Block, outer: _Above) -> _Above:
    """What a block hands to those inside: its own headers replace all of the outer ones."""
    headers = _headers(block, outer.headers)
    written = {one.value.lower(): " ".join(one.words[2:]) for one in _named(block, *_SETTERS)}
    versions = [one.value for one in _named(block, "proxy_http_version")]
    kept = headers is outer.headers and not written
    return _Above(headers, outer.sets if kept else written, (versions or [outer.version])[-1])


def _headers(block: _Block, inherited: frozenset[str] | None) -> frozenset[str] | None:
    """The headers that a block sets for the server behind; inner blocks replace all of them."""
    found: set[str] = set()
    for one in block:
        if one.name in _SETTERS:
            found.add(one.value.lower())
        elif one.name == "include":
            name = one.value.rpartition("/")[2]
            if name not in _STANDARD and _opens(one):
                return None
            found |= _SETS.get(name, frozenset())
    return frozenset(found) or inherited


def _is_behind(block: _Block) -> bool:
    """Whether something in it reads what another proxy says about the client."""
    for one in block:
        if one.name in ("real_ip_header", "set_real_ip_from"):
            return True
        inner = [one, *one.within()] if one.name not in ("http", "server") else [one]
        if any(_FORWARDED.search(word) for part in inner for word in part.words[1:]):
            return True
        if one.name == "location" and any(
            part.name in ("real_ip_header", "set_real_ip_from") for part in inner
        ):
            return True
    return False


def _redirects(block: _Block) -> bool:
    """Whether requests for pages are sent to HTTPS."""
    for one in block:
        if one.name in ("return", "rewrite") and any("https://" in word for word in one.words[1:]):
            return True
        is_root = one.name == "location" and one.words[-1] in ("/", "^/", "^", ".*")
        if (is_root or one.name == "if") and _redirects(one.block or ()):
            return True
    return False
