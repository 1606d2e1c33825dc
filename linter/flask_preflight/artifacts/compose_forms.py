"""The short and long forms of Compose: ports, mounts, health checks, sizes and times."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Literal

from flask_preflight.artifacts import script, shell
from flask_preflight.artifacts.image import seconds
from flask_preflight.artifacts.request import request_of
from flask_preflight.artifacts.yaml import Map
from flask_preflight.facts import Mount, Port, Probe
from flask_preflight.lazy import expression
from flask_preflight.result import Location, Region

__all__ = [
    "exposed",
    "for_developers",
    "integer",
    "mount_target",
    "mounts",
    "number",
    "on_all_interfaces",
    "port_identity",
    "ports",
    "probe",
    "seconds",
    "size",
    "truth",
    "word_place",
]

DEVELOPMENT_PROFILES = frozenset("dev debug test tests tools assets seed admin development".split())
_PORT = expression(
    r"(?:(?P<ip>\[[0-9A-Fa-f:.]{2,45}\]|[0-9A-Fa-f:]{2,39}(?=:[\d-]*:)|[\d.]{7,15}|localhost"
    r"|\$\w{1,100}|\$\{[^{}]{1,300}\}):)?"
    r"(?:(?P<host>[\d-]{0,11}|\$\w{1,100}|\$\{[^{}]{1,300}\}):)?(?P<inside>\d{1,5}(?:-\d{1,5})?)"
    r"(?:/(?P<protocol>\w{1,9}))?\Z"
)
_NUMBER = expression(r"[0-9]{1,9}\Z")
_SIZE = expression(r"(\d{1,15}(?:\.\d{1,9})?)\s*([bkmgt]?)(i?b)?\Z", re.IGNORECASE)
_POWER = {"": 0, "b": 0, "k": 1, "m": 2, "g": 3, "t": 4}
MountKind = Literal["bind", "named", "anonymous", "tmpfs"]


def for_developers(spec: Map) -> bool:
    """Whether all profiles of a service are ones that production does not start."""
    profiles = [str(one) for one in spec.items_of("profiles")]
    return bool(profiles) and all(one in DEVELOPMENT_PROFILES for one in profiles)


def integer(value: object) -> int | None:
    """A number, also where it is the text that a variable was replaced by."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and _NUMBER.match(value) else None


def truth(value: object) -> bool | None:
    """A truth value, also where it is the text that a variable was replaced by."""
    if isinstance(value, str):
        return {"true": True, "false": False}.get(str(value).lower())
    return value if isinstance(value, bool) else None


def ports(spec: Map) -> Iterator[Port]:
    """The published ports of TCP; one whose number inside is not known is left out."""
    for index, item in enumerate(spec.items_of("ports")):
        where = spec.value_at("ports", index)
        if isinstance(item, Map):
            yield from _long_port(item, where)
        elif item is not None:
            yield from _short_port(str(item), where)


def exposed(spec: Map) -> Iterator[Port]:
    """The ports that are only offered to other services."""
    for index, item in enumerate(spec.items_of("expose")):
        yield from _short_port(str(item), spec.value_at("expose", index))


def _long_port(item: Map, where: Location) -> Iterator[Port]:
    target = integer(item.text("target"))
    if target is None or item.text("protocol") == "udp":
        return
    published = item.text("published")
    address = item.text("host_ip")
    address = f"[{address}]" if ":" in address and "[" not in address else address
    outside = f"{address}:{published}" if address else published
    yield Port(target, item.text("name"), where, outside)


def _short_port(text: str, where: Location) -> Iterator[Port]:
    found = _PORT.match(text)
    if found is None or found["protocol"] == "udp":
        return
    first, _, last = found["inside"].partition("-")
    numbers = range(int(first), int(last or first) + 1)
    if len(numbers) > 100 or int(first) > 65535:
        return
    outside = ":".join(filter(None, (found["ip"], found["host"])))
    for inside in numbers:
        yield Port(inside, "", where, outside)


def port_identity(item: object) -> tuple[str, ...]:
    """What makes two published ports the same one when files are merged."""
    if isinstance(item, Map):
        protocol = item.text("protocol") or "tcp"
        return item.text("host_ip"), item.text("published"), item.text("target"), protocol
    found = _PORT.match(str(item))
    if found is None:
        return (str(item),)
    address = (found["ip"] or "").strip("[]")
    return address, found["host"] or "", found["inside"], found["protocol"] or "tcp"


def on_all_interfaces(port: Port) -> bool:
    """Whether other machines can certainly connect to a published port."""
    address, colon, _ = port.published.rpartition(":")
    if not colon:
        address = port.published if re.search(r"[.\[]|localhost", port.published) else ""
    return address.strip("[]") in ("", "0.0.0.0", "::", "*") and "$" not in port.published


def mounts(spec: Map, project: Map) -> Iterator[Mount]:
    """What is mounted, in the order of the file."""
    for index, item in enumerate(spec.items_of("volumes")):
        where = spec.value_at("volumes", index)
        found = (
            _long_mount(item, where) if isinstance(item, Map) else _short_mount(str(item), where)
        )
        if found is not None:
            yield found
    for path in _listed(spec, "tmpfs"):
        yield Mount(path.partition(":")[0], "tmpfs", "", spec.at("tmpfs"))
    for kind in ("configs", "secrets"):
        yield from _files(spec, kind)


def _long_mount(item: Map, where: Location) -> Mount | None:
    kind = item.text("type")
    source, target = item.text("source"), item.text("target")
    if not target:
        return None
    named: MountKind = "named" if source else "anonymous"
    kinds: dict[str, MountKind] = {"bind": "bind", "tmpfs": "tmpfs", "volume": named}
    return Mount(
        target, kinds.get(kind, named), source, where, read_only=item.dig("read_only") is True
    )


def _short_mount(text: str, where: Location) -> Mount | None:
    parts = _split(text)
    if len(parts) == 1:
        return Mount(parts[0], "anonymous", "", where) if parts[0].startswith("/") else None
    source, target, options = parts[0], parts[1], ",".join(parts[2:]).split(",")
    is_path = source.startswith((".", "/", "~", "$")) or "\\" in source
    return Mount(target, "bind" if is_path else "named", source, where, read_only="ro" in options)


_PIECE = expression(r"(?:\$\{[^{}]*\}|[^:])+")


def _split(text: str) -> list[str]:
    """The parts between colons; those of variables and of drive letters separate nothing."""
    parts = _PIECE.findall(text)
    if len(parts) > 1 and re.fullmatch("[A-Za-z]", parts[0]) and parts[1].startswith(("\\", "/")):
        parts = [":".join(parts[:2]), *parts[2:]]
    return parts or [text]


def mount_target(text: str) -> str:
    """The path inside the container of a volume in its short form."""
    parts = _split(text)
    return parts[min(1, len(parts) - 1)].rstrip("/")


def _files(spec: Map, kind: str) -> Iterator[Mount]:
    default = "/run/secrets/" if kind == "secrets" else "/"
    for index, item in enumerate(spec.items_of(kind)):
        where = spec.value_at(kind, index)
        name = item.text("source") if isinstance(item, Map) else str(item)
        target = item.text("target") if isinstance(item, Map) else ""
        path = target if target.startswith("/") else default + (target or name)
        yield Mount(path, "secret" if kind == "secrets" else "config", name, where, read_only=True)


def _listed(spec: Map, key: str) -> list[str]:
    found = spec.dig(key)
    if isinstance(found, list):
        return [str(one) for one in found]
    return [str(found)] if found else []


def probe(spec: Map, names: Collection[str]) -> Probe | None:
    """The health check as written here; None where there is none or it is switched off.

    A request to one of the service's own `names` is one to itself.
    """
    check = spec.dig("healthcheck")
    if not isinstance(check, Map) or truth(check.dig("disable")):
        return None
    words, places = _test(check)
    if not words or words == ("NONE",):
        return None
    request = request_of(shell.of_words(words, places))
    about = Probe(
        "healthcheck",
        request.location if request is not None else check.at("test"),
        timeout=seconds(check.text("timeout")),
        period=seconds(check.text("interval")),
        failures=integer(check.dig("retries")),
    )
    if request is not None:
        about.method, about.scheme = request.method, request.scheme
        about.host = "" if request.host in names else request.foreign
        about.path, about.port, about.headers = request.path, request.port, dict(request.headers)
    return about


def _test(check: Map) -> tuple[tuple[str, ...], tuple[Location, ...]]:
    found = check.dig("test")
    if isinstance(found, list):
        words = tuple(str(word) for word in found)
        places = tuple(check.value_at("test", index) for index in range(len(words)))
        if words[:1] == ("CMD",):
            return words[1:], places[1:]
        if words[:1] == ("CMD-SHELL",) and len(words) > 1:
            return ("sh", "-c", words[1]), (places[1], places[1], places[1])
        return words, places
    where = check.value_at("test")
    return (("sh", "-c", str(found)), (where, where, where)) if found else ((), ())


def word_place(spec: Map, key: str, index: int) -> Location:
    """The place of a word of a text that Compose splits, where it is written on one line."""
    where, node = spec.value_at(key), spec.written(key)
    text = str(spec.dig(key))
    words = script.words(text)
    if node is None or node.start_line != node.end_line or not 0 <= index < len(words):
        return where
    quotes = node.end_column - node.start_column - len(text)
    if quotes not in (0, 2):
        return where
    start = node.start_column + quotes // 2
    word = words[index]
    return Location(
        where.path,
        Region(node.start_line, start + word.start, node.start_line, start + word.end),
    )


def size(text: str) -> int | None:
    """Bytes of a size as Docker writes it, `512m`; None for zero, which is no limit."""
    found = _SIZE.match(text.strip())
    if found is None:
        return None
    return int(float(found[1]) * 1024 ** _POWER[found[2].lower()]) or None


def number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
