"""How Compose merges one file over another, and a service over the one that it extends.

Source: https://docs.docker.com/reference/compose-file/merge/
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_preflight.artifacts.compose_forms import mount_target, port_identity
from flask_preflight.artifacts.interpolation import Filled
from flask_preflight.artifacts.yaml import Map, Origin, Seq

_Join = Callable[[Any, Any], Any]
_Form = Callable[[Any, Origin], Any]


def merge(base: Map, top: Map) -> Map:
    """One file over another; each pair still knows the file that wrote it."""
    return _merged(base, top, {"services": _services})


def merge_services(base: Map, top: Map) -> Map:
    """A service over the same one of an earlier file, or over the one that it extends."""
    both = [key for key in top if key in base and key in _FORMS]
    return _merged(_formed(base, both), _formed(top, both), _JOINS)


def settled(value: Any) -> Any:
    """Without the keys that are reset; what holds none of them stays the same object."""
    return _Settled().value(value)


def as_map(value: Any) -> Any:
    """`- NAME=value` lists as mappings; a name alone has the value None."""
    if not isinstance(value, Seq):
        return value
    made = Map(value.path, value.node)
    for index, item in enumerate(value):
        name, equals, text = str(item).partition("=")
        path, node, written = value.origins[index]
        made.set(
            name, _part(item, text) if equals else None, (path, node, written._replace(text=text))
        )
    return made


def _part(whole: Any, text: str) -> str:
    """A part of a text, with what is known of the whole."""
    if not isinstance(whole, Filled):
        return text
    made = Filled(text)
    made.known, made.default = whole.known, whole.default
    return made


def _merged(base: Map, top: Map, joins: Mapping[str, _Join]) -> Map:
    merged = Map(top.path, top.node)
    for key, value in base.items():
        merged.set(key, value, base.origins[key])
    for key, value in top.items():
        origin = top.origins[key]
        tag = origin[2].tag
        if tag == "!reset":
            merged.pop(key, None)
            merged.origins.pop(key, None)
        elif key in merged and tag != "!override":
            if value is not None:
                merged.set(key, joins.get(key, _plain)(merged[key], value), origin)
        else:
            merged.set(key, value, origin)
    return merged


def _plain(old: Any, new: Any) -> Any:
    """Mappings merge, lists append, everything else is replaced."""
    if isinstance(old, Map) and isinstance(new, Map):
        return _merged(old, new, {})
    if isinstance(old, Seq) and isinstance(new, Seq):
        return _joined(old, new, frozenset())
    return new


def _joined(old: Seq, new: Seq, taken: frozenset[Any], identity: _Join | None = None) -> Seq:
    made = Seq(new.path, new.node)
    for index, item in enumerate(old):
        if identity is None or identity(item, None) not in taken:
            made.put(item, old.origins[index])
    for index, item in enumerate(new):
        made.put(item, new.origins[index])
    return made


def _services(old: Any, new: Any) -> Any:
    if not isinstance(old, Map) or not isinstance(new, Map):
        return new
    both = (name for name in new if isinstance(old.get(name), Map) and isinstance(new[name], Map))
    return _merged(old, new, dict.fromkeys(both, merge_services))


def _last(old: Any, new: Any) -> Any:
    return new


def _named(old: Any, new: Any) -> Any:
    """By name, where a name without a value counts too: it is taken from outside."""
    if not isinstance(old, Map) or not isinstance(new, Map):
        return new
    merged = _merged(old, new, {})
    for key, value in new.items():
        if value is None and new.origins[key][2].tag != "!reset":
            merged.set(key, value, new.origins[key])
    return merged


def _unique(identity: _Join) -> _Join:
    def join(old: Any, new: Any) -> Any:
        if not isinstance(old, Seq) or not isinstance(new, Seq):
            return new
        taken = frozenset(identity(item, None) for item in new)
        return _joined(old, new, taken, identity)

    return join


def _build(old: Any, new: Any) -> Any:
    if not isinstance(old, Map) or not isinstance(new, Map):
        return new
    names = ("args", "labels", "additional_contexts")
    forms = [name for name in names if name in old and name in new]
    return _merged(
        _formed(old, forms, _maps), _formed(new, forms, _maps), dict.fromkeys(names, _named)
    )


def _check(old: Any, new: Any) -> Any:
    if isinstance(old, Map) and isinstance(new, Map):
        return _merged(old, new, {"test": _last})
    return new


def _logging(old: Any, new: Any) -> Any:
    """Options belong to their driver."""
    if isinstance(old, Map) and isinstance(new, Map):
        changed = new.text("driver") not in ("", old.text("driver"))
        return new if changed else _plain(old, new)
    return new


# Short forms as the long ones that they stand for


def _formed(spec: Map, keys: list[str], form: _Form | None = None) -> Map:
    """A copy in which these keys have their long form."""
    made = Map(spec.path, spec.node)
    for key, value in spec.items():
        origin = spec.origins[key]
        change = (form or _FORMS[key]) if key in keys else None
        made.set(key, change(value, origin) if change else value, origin)
    return made


def _maps(value: Any, origin: Origin) -> Any:
    return as_map(value)


def _names(value: Any, origin: Origin) -> Any:
    """A list of names as a mapping without settings."""
    if not isinstance(value, Seq):
        return value
    made = Map(value.path, value.node)
    for index, item in enumerate(value):
        made.set(str(item), None, value.origins[index])
    return made


def _context(value: Any, origin: Origin) -> Any:
    if not isinstance(value, str):
        return value
    made = Map(origin[0], origin[2])
    made.set("context", value, origin)
    return made


def _list(value: Any, origin: Origin) -> Any:
    if not isinstance(value, str):
        return value
    made = Seq(origin[0], origin[2])
    made.put(value, origin)
    return made


def _mount(item: Any, _: Any) -> str:
    return item.text("target") if isinstance(item, Map) else mount_target(str(item))


def _file(item: Any, _: Any) -> str:
    if isinstance(item, Map):
        return item.text("target") or item.text("source") or item.text("path")
    return str(item)


_FORMS: dict[str, _Form] = {
    "build": _context,
    **dict.fromkeys(("depends_on", "networks"), _names),
    **dict.fromkeys(("dns", "dns_search", "env_file", "tmpfs"), _list),
    **dict.fromkeys(("environment", "labels", "annotations", "sysctls", "extra_hosts"), _maps),
}
_JOINS: dict[str, _Join] = {
    "build": _build,
    "healthcheck": _check,
    "logging": _logging,
    "ports": _unique(lambda item, _: port_identity(item)),
    "volumes": _unique(_mount),
    **dict.fromkeys(("command", "entrypoint"), _last),
    **dict.fromkeys(("environment", "labels", "annotations", "sysctls", "extra_hosts"), _named),
    **dict.fromkeys(("secrets", "configs", "env_file"), _unique(_file)),
    **dict.fromkeys(
        "cap_add cap_drop devices dns dns_opt dns_search expose external_links group_add links "
        "profiles security_opt tmpfs".split(),
        _unique(_file),
    ),
}


class _Settled:
    """Drops what is marked as reset, once for each shared value."""

    def __init__(self) -> None:
        self.done: dict[int, Any] = {}

    def value(self, value: Any) -> Any:
        if not isinstance(value, (Map, Seq)):
            return value
        if id(value) not in self.done:
            self.done[id(value)] = value  # A value may hold itself.
            self.done[id(value)] = self._map(value) if isinstance(value, Map) else value
        return self.done[id(value)]

    def _map(self, value: Map) -> Map:
        inner = {key: self.value(item) for key, item in value.items()}
        reset = [key for key in value if value.origins[key][2].tag == "!reset"]
        if not reset and all(inner[key] is value[key] for key in value):
            return value
        made = Map(value.path, value.node)
        for key, item in inner.items():
            if key not in reset:
                made.set(key, item, value.origins[key])
        return made
