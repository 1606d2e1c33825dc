"""Caddyfiles: the sites in them, with snippets, imported files and automatic HTTPS.

Source: https://caddyserver.com/docs/caddyfile/concepts
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from flask_preflight.artifacts.caddy_grammar import parse
from flask_preflight.artifacts.directives import (
    Directive,
    Fault,
    Includes,
    TooLarge,
    settings_of,
)
from flask_preflight.artifacts.nginx_grammar import HOLE, plain
from flask_preflight.artifacts.proxy import (
    Match,
    Proxy,
    ProxyRoute,
    Site,
    Upstream,
    is_loopback,
    upstream,
)
from flask_preflight.facts import Listen
from flask_preflight.lazy import expression
from flask_preflight.limits import MAX_INCLUDE_DEPTH, MAX_INCLUDES
from flask_preflight.result import Location
from flask_preflight.run import File, Tree

__all__ = ["Configurations", "parse"]

_Block = tuple[Directive, ...]
_SENT = frozenset("host x-forwarded-for x-forwarded-proto x-forwarded-host".split())
"""What Caddy tells the server behind it, unless it is told not to."""
_GROUPS = ("handle", "handle_path", "route")
_ADDRESS = expression(
    r"(?:(?P<scheme>https?)://)?(?P<host>\[[\dA-Fa-f:.]+\]|[\w.*-]*)(?::(?P<port>\d{1,5}))?(?:/|\Z)"
)
_RANGE = expression(r":\d+-\d+\Z")
_ARGUMENT = expression(r"\{args(?:\[|\.)(\d{1,2})\]?\}")
_VARIABLE = expression(r"\{\$([A-Z_][A-Z0-9_]*)\}")
_DEFAULT = expression(r"\{\$\w{1,100}:([^{}]{1,200})\}")
_DIRECTIVES = frozenset(
    "abort acme_server basic_auth basicauth bind copy_response copy_response_headers encode error "
    "file_server forward_auth fs handle handle_errors handle_path handle_response header import "
    "intercept invoke log log_append log_name log_skip map method metrics php_fastcgi push redir "
    "request_body request_header respond reverse_proxy rewrite root route skip_log templates tls "
    "tracing try_files uri vars".split()
)
"""None of these is the address of a site: a file that begins so is a part of others."""
_MAX_DIRECTIVES = 50_000
"""Of all that is imported, however often."""
_MAX_ROUTES = 2_000
_MAX_SITES = 1_000


class Configurations:
    """Reads the Caddyfiles of a repository."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
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
        proxy = Proxy("caddy", file.path, file.role)
        proxy.is_open = template.alternatives
        proxy.settings = list(settings_of(directives))
        _Reader(proxy, self).fill(directives)
        return proxy


class _Address(NamedTuple):
    """An address of a site; `tls` None where it depends on what is not known."""

    host: str
    port: int
    tls: bool | None


class _Options(NamedTuple):
    """What the global options say about all sites."""

    http: int = 80
    https: int = 443
    automatic: bool = True
    redirects: bool = True
    behind_another: bool = False


class _Above(NamedTuple):
    """What a group of directives takes from those around it."""

    path: str = "/"
    match: Match = "prefix"
    rewritten: bool = False
    matchers: Mapping[str, tuple[str, Match]] = {}


class _Reader:
    def __init__(self, proxy: Proxy, files: Configurations) -> None:
        self.proxy = proxy
        self.files = files
        self.snippets: dict[str, _Block] = {}
        self.imports = MAX_INCLUDES
        self.left = _MAX_DIRECTIVES
        self.routes = 0

    def fill(self, directives: _Block) -> None:
        for one in directives:
            if one.name.startswith("(") and one.block is not None:
                self.snippets[one.name.strip("()")] = one.block
        top = self._whole(directives)
        lines = [one.name for one in top if one.block is None]
        self.proxy.is_open |= any(name == "import" or name.startswith("{$") for name in lines)
        options = _options([one for block in _named(top, "") for one in block.block or ()])
        for one in top:
            if one.block is None or one.name == "" or one.name.startswith(("(", "&(")):
                continue
            if len(self.proxy.sites) >= _MAX_SITES:
                self.files.tree.unread(self.proxy.path, f"more than {_MAX_SITES} sites")
                return
            site = self._site(one, options)
            if site is not None:
                self.proxy.sites.append(site)

    def _whole(self, directives: _Block, depth: int = 0) -> _Block:
        """The directives with snippets and files of the repository in place of their imports."""
        found: list[Directive] = []
        for one in directives:
            blocks = self._imported(one) if one.name == "import" else []
            if not blocks or depth >= MAX_INCLUDE_DEPTH or self.left < 0:
                found.append(one)
                continue
            for block in blocks:
                self.left -= len(block)
                given = tuple(_given(one.words[2:], one.block or (), block))
                found += self._whole(given, depth + 1)
        return tuple(found)

    def _imported(self, one: Directive) -> list[_Block]:
        """What an import stands for; nothing where that is not in the repository."""
        if self.imports <= 0 or not one.value:
            return []
        self.imports -= 1
        if one.value in self.snippets:
            return [self.snippets[one.value]]
        folder = self.proxy.path.rpartition("/")[0]
        pattern = one.value.removeprefix("/etc/caddy/")
        blocks = []
        for path in self.files.includes.matching(folder, pattern)[: self.imports]:
            text = self.files.tree.text(path) if path != self.proxy.path else None
            try:
                blocks.append(parse(path, plain(text or "").text))
            except (Fault, TooLarge):
                return []
        return blocks

    def _site(self, server: Directive, options: _Options) -> Site | None:
        """The site of a block; None where its head is no address."""
        block = self._whole(server.block or ())
        known = options.automatic and not any(_named(block, "import"))
        secure = any(_named(block, "tls"))
        addresses = []
        for word in server.words:
            for text in filter(None, word.split(",")):
                address = _address(text, options, secure, known)
                if address is None:
                    return None
                addresses.append(address)
        names = tuple(dict.fromkeys(one.host for one in addresses if one.host))
        site = Site(names, server.location)
        answers = [one.tls for one in addresses]
        site.tls = True if True in answers else None if None in answers else False
        for one in addresses:
            listen = Listen("", one.port, "http", server.location)
            site.listens.append(listen)
            if one.tls is False:
                site.clear.append(listen)
        bound = [word for one in _named(block, "bind") for word in one.words[1:]]
        site.is_local = all(map(is_loopback, bound or names)) and bool(bound or names)
        site.behind_another = options.behind_another
        redirected = options.redirects and site.tls is True and not site.clear
        site.redirects_to_https = redirected or _redirects(block)
        self._forwards(site, block, _Above())
        return site

    def _forwards(self, site: Site, block: _Block, above: _Above) -> None:
        matchers = {**above.matchers, **dict(_matchers(block))}
        rewritten = above.rewritten or any(_named(block, "rewrite", "uri", "import"))
        own = above._replace(matchers=matchers, rewritten=rewritten)
        for one in block:
            if one.name == "reverse_proxy":
                self.routes += 1
                if self.routes <= _MAX_ROUTES:
                    site.routes.append(self._route(one, own))
            elif one.name in _GROUPS and one.block is not None:
                path, match = _path(one.words[1:], own)
                stripped = one.name == "handle_path"
                if above.rewritten and path != own.path:
                    # It is compared with what is left of the path.
                    path, match = own.path, "regex"
                inner = own._replace(path=path, match=match, rewritten=rewritten or stripped)
                self._forwards(site, self._whole(one.block), inner)

    def _route(self, one: Directive, above: _Above) -> ProxyRoute:
        path, match = _path(one.words[1:], above)
        inside = self._whole(one.block or ())
        words = list(one.words[1:])
        if words and words[0].startswith(("/", "@", "*")):
            words.pop(0)
        words += [word for to in _named(inside, "to") for word in to.words[1:]]
        targets = [found for word in words if (found := _upstream(word, one.location))]
        target = _VARIABLE.sub(r"${\1}", words[0]) if len(words) == 1 else ""
        if "{" in target.replace("${", ""):
            target = ""
        headers = None if any(_named(inside, "import")) else _headers(inside)
        sets = {to.value.lower(): " ".join(to.words[2:]) for to in _named(inside, "header_up")}
        route = ProxyRoute(path, tuple(targets), headers, one.location, match, target, sets)
        changed = above.rewritten or any(_named(inside, "rewrite"))
        return route._replace(rewritten=changed)


def _named(block: _Block, *names: str) -> Iterator[Directive]:
    return (one for one in block if one.words[0] in names)


def _given(arguments: tuple[str, ...], inserted: _Block, block: _Block) -> Iterator[Directive]:
    """A snippet's directives with the arguments and the block of the import in them."""

    def argument(found: re.Match[str]) -> str:
        index = int(found[1])
        return arguments[index] if index < len(arguments) else found[0]

    for one in block:
        if one.words == ("{block}",):
            yield from inserted
            continue
        words = tuple(_ARGUMENT.sub(argument, word) for word in one.words)
        inner = None if one.block is None else tuple(_given(arguments, inserted, one.block))
        yield one._replace(words=words, block=inner)


def _options(block: list[Directive]) -> _Options:
    given = {one.name: one.value for one in block}
    ports = [given.get(f"{name}_port", "") for name in ("http", "https")]
    http, https = (int(text[:5]) if text.isdigit() else None for text in ports)
    automatic = given.get("auto_https", "")
    servers = (one for one in block if one.name == "servers")
    trusted = any(inner.name == "trusted_proxies" for one in servers for inner in one.within())
    return _Options(http or 80, https or 443, automatic != "off", not automatic, trusted)


def _address(text: str, options: _Options, secure: bool, known: bool) -> _Address | None:
    """An address; None where the text is none. `secure`: the site has settings for TLS.

    Source: https://caddyserver.com/docs/automatic-https#activation
    """
    default = _DEFAULT.fullmatch(text)
    if default is not None:
        usual = _address(default[1], options, secure, known)
        # Without TLS it may only be until the variable has a name.
        return usual._replace(tls=usual.tls or None) if usual is not None else None
    if "{" in text or HOLE in text:
        return _Address("", options.https, None)
    found = _ADDRESS.match(text)
    if found is None or text in _DIRECTIVES:
        return None
    scheme, host = found["scheme"], found["host"]
    port = int(found["port"] or (options.http if scheme == "http" else options.https))
    if scheme == "http" or port == options.http and scheme is None:
        return _Address(host, port, False)
    if secure or scheme == "https":
        return _Address(host, port, True)
    if host:
        return _Address(host, port, True if known else None)
    return _Address(host, port, None if port == options.https or not known else False)


def _matchers(block: _Block) -> Iterator[tuple[str, tuple[str, Match]]]:
    """The named matchers that only compare the path with one pattern; the rest depends on more."""
    for one in block:
        if one.name.startswith("@"):
            inside = one.block or (one._replace(words=one.words[1:]),)
            only = inside[0].words if len(inside) == 1 else ()
            plainly = len(only) == 2 and only[0] == "path"
            yield one.name, _pattern(only[1]) if plainly else (one.name, "regex")


def _path(words: tuple[str, ...], above: _Above) -> tuple[str, Match]:
    """The path that a matcher before the other words admits, else that of the group around."""
    first = words[0] if words else ""
    if first.startswith("@"):
        return above.matchers.get(first, (first, "regex"))
    return _pattern(first) if first.startswith("/") else (above.path, above.match)


def _pattern(text: str) -> tuple[str, Match]:
    if "{" in text:
        return text, "regex"
    if "*" not in text:
        return text, "exact"
    return (text[:-1], "prefix") if text.index("*") == len(text) - 1 else (text, "regex")


def _upstream(word: str, where: Location) -> Upstream | None:
    """An upstream as Caddy writes it; None where it is only known when a request comes."""
    if "{" in word or HOLE in word or _RANGE.search(word):
        return None
    if word.startswith(("unix/", "unix+h2c/")):
        return Upstream("unix:/" + word.partition("/")[2].lstrip("/"), None, where)
    scheme, _, host = word.rpartition("://")
    scheme = "https" if scheme == "https" else "http"
    return upstream(f"localhost{host}" if host.startswith(":") else host, where, scheme)


def _headers(block: _Block) -> frozenset[str]:
    """The headers that the server behind gets."""
    found = set(_SENT)
    for one in _named(block, "header_up"):
        name = one.value.lower()
        if name == "host" and any("upstream" in word for word in one.words[2:]):
            found.discard(name)
        elif not name.startswith("-"):
            found.add(name.lstrip("+"))
        elif name.endswith("*"):
            found = {other for other in found if not other.startswith(name[1:-1])}
        else:
            found.discard(name[1:])
    return frozenset(found)


def _redirects(block: _Block) -> bool:
    """Whether requests for pages are sent to HTTPS."""
    for one in block:
        if one.name == "redir" and any("https://" in word for word in one.words[1:]):
            return True
        if one.name in _GROUPS and _redirects(one.block or ()):
            return True
    return False
