"""Patches of Kubernetes objects, as Kustomize applies them; what is patched knows who wrote it.

Sources: https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/,
"Strategic Merge Patch" of the Kubernetes contributors' documentation, and RFC 6902.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from flask_preflight.artifacts.yaml import Key, Map, Origin, Seq
from flask_preflight.limits import MAX_PATH_DEPTH

_LISTS = {
    "containers": ("name",),
    "initContainers": ("name",),
    "volumes": ("name",),
    "env": ("name",),
    "imagePullSecrets": ("name",),
    "volumeMounts": ("mountPath",),
    "volumeDevices": ("devicePath",),
    "ports": ("containerPort", "port"),
    "hostAliases": ("ip",),
}
"""Lists that are merged item by item, and the fields that identify an item."""


class Spent(Exception):
    """Following the patches of the repository costs more than is reasonable."""


class Budget:
    """How many items may be copied in all; hostile repositories multiply patches by objects."""

    def __init__(self, items: int) -> None:
        self.items = items

    def spend(self, items: int) -> None:
        self.items -= items + 1
        if self.items < 0:
            raise Spent


class Merge:
    """Strategic merges; `lists` is False for custom resources, whose lists are replaced."""

    def __init__(self, budget: Budget, *, lists: bool) -> None:
        self._budget = budget
        self._lists = lists
        self._done: dict[tuple[int, int], Map] = {}

    def maps(self, base: Map, top: Map) -> Map:
        """`base` with `top` over it; what is written in neither keeps its place in `base`."""
        known = self._done.get((id(base), id(top)))
        if known is not None:
            return known
        self._budget.spend(len(base) + len(top))
        replaces = top.get("$patch") == "replace"
        made = Map(base.path, base.node) if replaces else copied(base)
        self._done[id(base), id(top)] = made
        for key, value in top.items():
            if key.startswith("$"):
                continue
            old = made.get(key)
            if value is None or isinstance(value, Map) and value.get("$patch") == "delete":
                made.pop(key, None)
                made.origins.pop(key, None)
            elif isinstance(value, Map) and isinstance(old, Map):
                made.set(key, self.maps(old, value), made.origins[key])
            elif isinstance(value, Seq) and isinstance(old, Seq) and key in _LISTS and self._lists:
                made.set(key, self._sequences(key, old, value), made.origins[key])
            else:
                made.set(key, value, top.origins[key])
        return made

    def _sequences(self, key: str, base: Seq, top: Seq) -> Seq:
        self._budget.spend(len(base) + len(top))
        items: list[tuple[Any, Origin]] = [(v, base.origins[i]) for i, v in enumerate(base)]
        places = {name: i for i, (v, _) in enumerate(items) if (name := _name(key, v))}
        for index, value in enumerate(top):
            name = _name(key, value)
            directive = value.get("$patch") if isinstance(value, Map) else None
            if directive == "replace" and name is None:
                items, places = [], {}
            elif directive == "delete":
                if name in places:
                    items[places.pop(name)] = (None, top.origins[index])
            elif name in places:
                old, origin = items[places[name]]
                items[places[name]] = (self.maps(old, value), origin)
            else:
                items.append((value, top.origins[index]))
        return sequence(base, [item for item in items if item[0] is not None])


def _name(key: str, item: Any) -> tuple[str, str] | None:
    if isinstance(item, Map):
        for field in _LISTS[key]:
            if item.get(field) is not None:
                return field, item.text(field)
    return None


def copied(base: Map) -> Map:
    """A mapping with the same pairs at the same places."""
    made = Map(base.path, base.node)
    for key, value in base.items():
        made.set(key, value, base.origins[key])
    return made


def sequence(base: Seq, items: list[tuple[Any, Origin]]) -> Seq:
    """A list at the place of `base` with other items."""
    made = Seq(base.path, base.node)
    for value, origin in items:
        made.put(value, origin)
    return made


class Change(NamedTuple):
    """One operation of a JSON patch; `keys` still as they are written."""

    operation: str
    keys: tuple[str, ...]
    value: Any
    origin: Origin


def changes(operations: Seq) -> list[Change] | None:
    """The operations of a JSON patch; None where one of them is not understood."""
    found = []
    for index, item in enumerate(operations):
        if not isinstance(item, Map):
            return None
        path, operation = item.text("path"), item.text("op")
        keys = tuple(key.replace("~1", "/").replace("~0", "~") for key in path.split("/")[1:])
        known = operation in ("add", "replace", "remove", "test")
        if not known or not keys or len(keys) > MAX_PATH_DEPTH:
            return None
        if operation != "test":
            file, _, place = item.origins.get("value", operations.origins[index])
            found.append(Change(operation, keys, item.dig("value"), (file, place, place)))
    return found


def changed(node: Any, change: Change, budget: Budget, depth: int = 0) -> Any:
    """A copy in which the change was made; None where its path leads nowhere."""
    key, last = change.keys[depth], depth + 1 == len(change.keys)
    if isinstance(node, Map):
        budget.spend(len(node))
        made = copied(node)
        if not last:
            child = changed(node.get(key), change, budget, depth + 1)
            if child is None:
                return None
            made.set(key, child, node.origins[key])
        elif change.operation == "remove":
            made.pop(key, None)
            made.origins.pop(key, None)
        else:
            made.set(key, change.value, change.origin)
        return made
    return _changed_list(node, key, change, budget, depth) if isinstance(node, Seq) else None


def _changed_list(node: Seq, key: str, change: Change, budget: Budget, depth: int) -> Seq | None:
    budget.spend(len(node))
    items = [(value, node.origins[index]) for index, value in enumerate(node)]
    numbered = key.isascii() and key.isdigit() and len(key) < 10
    index = len(items) if key == "-" else int(key) if numbered else -1
    last = depth + 1 == len(change.keys)
    if not 0 <= index <= len(items) or index == len(items) and change.operation != "add":
        return None
    if not last:
        child = changed(node.dig(index), change, budget, depth + 1)
        if child is None:
            return None
        items[index] = (child, items[index][1])
    elif change.operation == "remove":
        del items[index]
    elif change.operation == "add":
        items.insert(index, (change.value, change.origin))
    else:
        items[index] = (change.value, change.origin)
    return sequence(node, items)


def replaced(
    document: Map, keys: tuple[Key, ...], value: Any, origin: Origin, budget: Budget
) -> Map:
    """The document with one value put in place, or as it is where there is no place for it."""
    made = changed(document, Change("add", tuple(map(str, keys)), value, origin), budget)
    return made if isinstance(made, Map) else document


def added(node: Map, keys: tuple[str, ...], pairs: Map, budget: Budget) -> Map:
    """A copy with these pairs in the mapping at `keys`, which is made where it is missing."""
    budget.spend(len(node) + len(pairs))
    made = copied(node)
    if keys:
        inner = node.get(keys[0])
        old = inner if isinstance(inner, Map) else Map(node.path, node.node)
        here = node.origins.get(keys[0], (node.path, node.node, node.node))
        made.set(keys[0], added(old, keys[1:], pairs, budget), here)
    else:
        for key, value in pairs.items():
            made.set(key, value, pairs.origins[key])
    return made
