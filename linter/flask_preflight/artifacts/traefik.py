"""Traefik: what its files, its command line and the labels of services say, in one form.

A setting has the name that it has on the command line, in lower case: "api.insecure",
"http.routers.shop.rule".

Source: https://doc.traefik.io/traefik/getting-started/configuration-overview/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from flask_preflight.artifacts import toml
from flask_preflight.artifacts.compose import Service
from flask_preflight.artifacts.proxy import Proxy, ProxySetting
from flask_preflight.artifacts.yaml import Map, Seq, documents
from flask_preflight.lazy import expression
from flask_preflight.limits import MAX_INCLUDE_DEPTH
from flask_preflight.result import Location, Region
from flask_preflight.run import File, Tree

_FLAG = expression(r"--?([A-Za-z][\w.\[\]-]*)(?:=(.*))?\Z", re.DOTALL)
_STATIC = expression(r"(?:/etc/traefik)?/(?:traefik\.(?:ya?ml|toml))?\Z|/etc/traefik\Z")
"""Where Traefik looks for the file that makes it ignore its command line."""
_FIRST = expression(r"v?1(?:\.|\Z|-)")
_ROUTER = expression(r"http\.routers\.([^.]+)\.service\Z")
_ENTRY = expression(r"entrypoints\.([^.]+)\.address\Z")
_PORT = expression(r".*:(\d{1,5})(?:/\w+)?\Z")
_OWN_PORT = 8080
_OTHER = expression(r"^(?:apiVersion|services):", re.MULTILINE)
"""Manifests and Compose files, which are called by its name as well."""
_MAX_SETTINGS = 20_000


class Router(NamedTuple):
    """What decides who gets a request.

    `ports` are those of its entry points, as far as they are known; `middlewares` the kinds of all
    that a request passes ("basicauth"), None where one of them is defined elsewhere. `options` are
    the ones for TLS that it names, which may ask for certificates of clients.
    """

    name: str
    service: str
    rule: str
    ports: tuple[int, ...]
    middlewares: frozenset[str] | None
    options: str
    location: Location


class Configurations:
    """Reads the files of a repository."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree

    def proxy(self, file: File, text: str) -> Proxy | None:
        """The proxy that a file configures; None where it cannot be read."""
        if "{{" in text:
            self.tree.skipped(file.path, "template of a proxy configuration")
            return None
        proxy = Proxy("traefik", file.path, file.role)
        if _OTHER.search(text):
            return proxy
        read = _of_toml if file.path.endswith(".toml") else _of_yaml
        found = read(file.path, text, self.tree)
        proxy.settings = [one for one, _ in zip(found, range(_MAX_SETTINGS), strict=False)]
        return proxy


def of_service(service: Service) -> Proxy:
    """What the command of a service says, and the labels of all services beside it."""
    proxy = Proxy("traefik", service.path, service.role)
    if not any(_STATIC.match(mount.path) for mount in service.mounts):
        proxy.settings += _of_command(service)
        for name, variable in ((one.name, one) for one in service.environment.variables):
            if name.startswith("TRAEFIK_") and variable.value is not None:
                key = name.removeprefix("TRAEFIK_").replace("_", ".").lower()
                proxy.settings.append(_setting(key, variable.value, variable.location))
    hidden = any(one.text == "false" for one in proxy.given("providers.docker.exposedbydefault"))
    for other in service.project.services.values():
        enabled = other.labels.get("traefik.enable", "").lower()
        if enabled == "true" or enabled != "false" and not hidden:
            proxy.settings += _of_labels(other)
    return proxy


def routers(proxy: Proxy) -> Iterator[Router]:
    """The routers that a proxy defines for a named service, with what it and others say of them."""
    given = {one.name: one for part in (*proxy.beside, proxy) for one in part.settings}
    for one in proxy.settings:
        found = _ROUTER.match(one.name)
        if found is not None:
            rest = f"http.routers.{found[1]}."
            rule = given[f"{rest}rule"].text if f"{rest}rule" in given else ""
            names = [*_items(given, f"{rest}middlewares")]
            for name in given:
                if name.startswith("entrypoints.") and name.endswith(".http.middlewares"):
                    names += _items(given, name)
            ports = tuple(_ports(given, _items(given, f"{rest}entrypoints")))
            kinds = _kinds(names, given, 0)
            options = given[f"{rest}tls.options"].text if f"{rest}tls.options" in given else ""
            yield Router(found[1], one.text, rule, ports, kinds, options, one.location)


def ports_of(proxy: Proxy, name: str) -> list[int]:
    """The ports of an entry point."""
    given = {one.name: one for part in (*proxy.beside, proxy) for one in part.settings}
    return list(_ports(given, [name]))


def own_port(proxy: Proxy) -> int:
    """The port of the entry point for its own pages."""
    return next(iter(ports_of(proxy, "traefik")), _OWN_PORT)


def _ports(given: Mapping[str, ProxySetting], names: list[str]) -> Iterator[int]:
    """The ports of the entry points of these names; of all but its own one if there is none."""
    wanted = [name.lower() for name in names]
    for key, setting in given.items():
        found, port = _ENTRY.match(key), _PORT.match(setting.text)
        if found and port and (found[1] in wanted if wanted else found[1] != "traefik"):
            yield int(port[1])
    if "traefik" in wanted and "entrypoints.traefik.address" not in given:
        yield _OWN_PORT


def _items(given: Mapping[str, ProxySetting], name: str) -> list[str]:
    return [one for one in re.split(r"[\s,]+", given[name].text) if one] if name in given else []


def _kinds(
    names: list[str], given: Mapping[str, ProxySetting], depth: int
) -> frozenset[str] | None:
    """The kinds of middlewares, those of chains too; None where one is not known."""
    found: set[str] = set()
    for name in names:
        start = f"http.middlewares.{name.partition('@')[0].lower()}."
        inside = [one.removeprefix(start) for one in given if one.startswith(start)]
        inner = _items(given, f"{start}chain.middlewares")
        deeper = _kinds(inner, given, depth + 1) if depth < MAX_INCLUDE_DEPTH else None
        if not inside or deeper is None:
            return None
        found.update(deeper, (one.partition(".")[0] for one in inside))
    return frozenset(found)


def is_first(service: Service) -> bool:
    """Whether it is version 1, which was configured in another language."""
    return _FIRST.match(service.image.rpartition(":")[2]) is not None


def _setting(name: str, value: str, where: Location) -> ProxySetting:
    return ProxySetting(name, (value,) if value else (), (), where)


def _of_command(service: Service) -> Iterator[ProxySetting]:
    for index, word in enumerate(service.command or ()):
        found = _FLAG.match(word)
        if found is not None:
            where = service.word_at("command", index)
            yield _setting(found[1].lower(), found[2] or "", where)


def _of_labels(service: Service) -> Iterator[ProxySetting]:
    for name, value in service.labels.items():
        if name.startswith("traefik."):
            where = _place_of(service, name)
            yield _setting(name.removeprefix("traefik.").lower(), value, where)


def _place_of(service: Service, name: str) -> Location:
    """The place of a label."""
    for keys in (("labels",), ("deploy", "labels")):
        for index, item in enumerate(service.spec.items_of(*keys)):
            if str(item).partition("=")[0] == name:
                return service.spec.value_at(*keys, index)
        if name in service.spec.map(*keys):
            return service.spec.at(*keys, name)
    return service.at("labels")


def _of_yaml(path: str, text: str, tree: Tree) -> Iterator[ProxySetting]:
    for document in documents(path, text, tree)[0]:
        if isinstance(document, Map):
            yield from _flat(document, "")


def _flat(found: Map, above: str) -> Iterator[ProxySetting]:
    """Every value below a mapping; an empty mapping is one as well, it switches something on."""
    for key, value in found.items():
        name, where = f"{above}{key}".lower(), found.at(key)
        if isinstance(value, Map) and value:
            yield from _flat(value, f"{name}.")
        elif isinstance(value, Seq):
            for index, item in enumerate(value):
                if isinstance(item, Map):
                    yield from _flat(item, f"{name}[{index}].")
            words = tuple(str(one) for one in value if not isinstance(one, (Map, Seq)))
            yield ProxySetting(name, words, (), where)
        else:
            yield _setting(name, found.text(key), where)


def _of_toml(path: str, text: str, tree: Tree) -> Iterator[ProxySetting]:
    yield from _flat_toml(toml.load(path, text, tree) or {}, "", path, text.split("\n"))


def _flat_toml(
    found: dict[str, Any], above: str, path: str, lines: list[str]
) -> Iterator[ProxySetting]:
    for key, value in found.items():
        name = f"{above}{key}".lower()
        if isinstance(value, dict) and value:
            yield from _flat_toml(value, f"{name}.", path, lines)
        else:
            items = value if isinstance(value, list) else [] if value == {} else [value]
            words = tuple(
                str(item).lower() if isinstance(item, bool) else str(item)
                for item in items
                if not isinstance(item, (dict, list))
            )
            yield ProxySetting(name, words, (), _line_of(key, path, lines))


def _line_of(key: str, path: str, lines: list[str]) -> Location:
    """The only line that sets a key, or opens its table, else the file."""
    shape = re.compile(rf"\s*(?:\[[^\]]*\b{re.escape(key)}\]|\"?{re.escape(key)}\"?\s*=)")
    found = [number for number, line in enumerate(lines, 1) if shape.match(line)]
    return Location(path, Region(found[0])) if len(found) == 1 else Location(path)
