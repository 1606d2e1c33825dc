"""YAML as the linter sees it: dictionaries and lists that know where they were written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from flask_preflight.lazy import expression
from flask_preflight.result import Fix, Location, Region
from flask_preflight.run import Notes

Key = str | int


class Node(NamedTuple):
    """Where a value stands: 1-based, columns in code points, end exclusive.

    `style` is "" for a plain scalar, else the quote or `|` or `>`; `tag` only when written out.
    """

    start_line: int
    start_column: int
    end_line: int
    end_column: int
    style: str = ""
    tag: str = ""
    text: str = ""

    @property
    def region(self) -> Region:
        return Region(self.start_line, self.start_column, self.end_line, self.end_column)


START = Node(1, 1, 1, 1)


class Tagged(str):
    """A scalar with a tag of its own (`!Ref`, `!vault`): equal to no literal that a rule knows."""

    __slots__ = ("tag",)
    tag: str

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other

    __hash__ = str.__hash__


Origin = tuple[str, Node, Node]
"""File, key and value; items of lists are their own keys."""


class _Placed:
    """What dictionaries and lists of YAML have in common: a file and the places of their items.

    Few places are ever asked for, so the loader leaves them to be found then.
    """

    path: str
    _node: Node | None
    _origins: dict[Any, Origin] | None
    _late: Callable[[], tuple[Node, dict[Any, Origin]]] | None = None

    @property
    def node(self) -> Node:
        """Where the whole of it stands."""
        if self._node is None:
            self._find()
        return self._node or START

    @property
    def origins(self) -> dict[Any, Origin]:
        """The origin of each key or index."""
        if self._origins is None:
            self._find()
        return self._origins if self._origins is not None else {}

    def leave(self, late: Callable[[], tuple[Node, dict[Any, Origin]]]) -> None:
        """Let all places be found by this when the first is asked for."""
        self._node, self._origins, self._late = None, None, late

    def _find(self) -> None:
        if self._late is not None:
            self._node, self._origins = self._late()
            self._late = None

    def dig(self, *keys: Key) -> Any:
        """The value below these keys (integers index lists), or None; never raises."""
        found: Any = self
        for key in keys:
            if isinstance(found, Map):
                found = found.get(str(key))
            elif (
                isinstance(found, Seq) and isinstance(key, int) and -len(found) <= key < len(found)
            ):
                found = list.__getitem__(found, key)
            else:
                return None
        return found

    def origin(self, *keys: Key) -> Origin | None:
        """File, key and value of exactly this path, or None."""
        parent = self.dig(*keys[:-1])
        if not keys or not isinstance(parent, _Placed):
            return None
        return parent.origins.get(keys[-1])

    def at(self, *keys: Key) -> Location:
        """The place of the deepest of these keys that exists: a key in maps, an item in lists."""
        path, node = self.path, self.node
        found: Any = self
        for key in keys:
            if not isinstance(found, _Placed) or key not in found.origins:
                break
            path, name, value = found.origins[key]
            node = name if isinstance(found, Map) else value
            found = found.dig(key)
        return Location(path, node.region)

    def value_at(self, *keys: Key) -> Location:
        """The place of the value itself, else as `at`."""
        origin = self.origin(*keys)
        return self.at(*keys) if origin is None else Location(origin[0], origin[2].region)

    def instead(self, text: str, *keys: Key) -> Fix | None:
        """Write another scalar; None where the value is not one, or comes from elsewhere."""
        origin = self.origin(*keys)
        if origin is None or isinstance(self.dig(*keys), _Placed) or origin[2] == origin[1]:
            return None
        return Location(origin[0], origin[2].region).rewritten(text)

    def without(self, *keys: Key) -> Fix | None:
        """Delete the line of a scalar; None where other words stand on it."""
        origin, parent = self.origin(*keys), self.dig(*keys[:-1])
        if origin is None or not isinstance(parent, Map):
            return None
        path, key, value = origin
        line = key.start_line
        others = (one[1] for name, one in parent.origins.items() if name != keys[-1])
        # The first key of an item of a list stands behind its dash.
        inside = len(keys) > 1 and isinstance(self.dig(*keys[:-2]), Map)
        first = parent.node.start_line == line and not inside
        alone = value.end_line == line and not any(one.start_line == line for one in others)
        return Location(path, key.region).emptied(str(keys[-1])) if alone and not first else None

    def written(self, *keys: Key) -> Node | None:
        """How the value is written: its text, style and tag."""
        origin = self.origin(*keys)
        return None if origin is None else origin[2]


class Map(dict[str, Any], _Placed):
    """A mapping. Keys are text as written; `duplicates` holds the places of repeated keys.

    `is_strange`: some key is no text, and was left out.
    """

    is_strange = False

    def __init__(self, path: str = "", node: Node = START) -> None:
        super().__init__()
        self.path = path
        self._node, self._origins = node, {}
        self.duplicates: list[tuple[str, Node]] = []

    __hash__ = object.__hash__  # type: ignore[assignment]

    def map(self, *keys: Key) -> Map:
        """The mapping below these keys; an empty one, placed here, when there is none."""
        found = self.dig(*keys)
        return found if isinstance(found, Map) else Map(self.path, self.node)

    def maps(self, *keys: Key) -> Iterator[Map]:
        """The mappings in the list below these keys."""
        return (item for item in self.items_of(*keys) if isinstance(item, Map))

    def items_of(self, *keys: Key) -> list[Any]:
        """The list below these keys, else an empty one."""
        found = self.dig(*keys)
        return found if isinstance(found, Seq) else []

    def text(self, *keys: Key) -> str:
        """The scalar below these keys as it was written, else an empty text."""
        found = self.dig(*keys)
        if isinstance(found, (Map, Seq)) or found is None:
            return ""
        if isinstance(found, str):
            return str(found)
        node = self.written(*keys)
        return str(found) if node is None else node.text

    def set(self, key: str, value: Any, origin: Origin) -> None:
        """Put a value under a key, remembering who wrote it."""
        self[key] = value
        self.origins[key] = origin


class Seq(list[Any], _Placed):
    """A sequence."""

    def __init__(self, path: str = "", node: Node = START) -> None:
        super().__init__()
        self.path = path
        self._node, self._origins = node, {}

    __hash__ = object.__hash__  # type: ignore[assignment]

    def put(self, value: Any, origin: Origin) -> None:
        """Append a value, remembering who wrote it."""
        self.origins[len(self)] = origin
        self.append(value)


def overlay(base: Map, top: Map) -> Map:
    """`base` with the keys of `top` over it, mappings merged, each pair still knowing its file."""
    merged = Map(top.path, top.node)
    for layer in (base, top):
        for key, value in layer.items():
            old = merged.get(key)
            if isinstance(old, Map) and isinstance(value, Map):
                value = overlay(old, value)
            merged.set(key, value, layer.origins[key])
    return merged


_TRUE = expression(r"(?:y|Y|yes|Yes|YES|on|On|ON|true|True|TRUE)\Z")
_FALSE = expression(r"(?:n|N|no|No|NO|off|Off|OFF|false|False|FALSE)\Z")
_OCTAL = expression(r"[-+]?0[0-7_]+\Z")


def yaml11(text: str) -> bool | int | None:
    """What a YAML 1.1 reader makes of a plain scalar that YAML 1.2 takes for text, else None."""
    if _TRUE.match(text):
        return True
    if _FALSE.match(text):
        return False
    if _OCTAL.match(text):
        return int(text.replace("_", ""), 8)
    return None


def documents(path: str, text: str, notes: Notes) -> tuple[list[Any], bool]:
    """The documents of a YAML file in order, and whether all of it could be parsed.

    Documents before a fault are kept; the fault itself is among the notes (PRE010). Empty documents
    are left out. Values are `Map`, `Seq`, str, int, float, bool and None: no tag builds anything.
    """
    from flask_preflight.artifacts.yaml_loader import load

    return load(path, text, notes)
