"""Reads Compose files with everything they take in: variables, `include` and `extends`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from flask_preflight.artifacts import env
from flask_preflight.artifacts.build_files import joined
from flask_preflight.artifacts.compose_merge import merge, merge_services
from flask_preflight.artifacts.interpolation import Lookup, filled
from flask_preflight.artifacts.yaml import Map, Seq, Tagged, documents
from flask_preflight.limits import MAX_FILE_BYTES, MAX_INCLUDE_DEPTH, MAX_INCLUDES
from flask_preflight.result import Location
from flask_preflight.run import Tree

_MAX_CHAIN = 20
"""So many services may extend each other in a row."""
_MAX_TAKEN = 64 * 1024 * 1024
"""Bytes that files take from others, each time they do; a small file counts as a thousandth."""


class Loaded(NamedTuple):
    """A file as Compose sees it.

    `missing` are the places of what it takes from elsewhere and that could not be read; `included`
    and `extended` are the paths of the files that it takes something from.
    """

    path: str
    spec: Map
    missing: tuple[Location, ...]
    included: frozenset[str]
    extended: frozenset[str]


class Files:
    """The parsed Compose files of a repository, and how much of them may still be taken."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._left = _MAX_TAKEN
        self._parsed: dict[str, Map | None] = {}

    def get(self, path: str) -> tuple[Map, str] | None:
        """A file as it is written, and its text."""
        text = self.tree.text(path) if self.tree.file(path) else None
        if text is None:
            return None
        if path not in self._parsed:
            found, _ = documents(path, text, self.tree)
            self._parsed[path] = found[0] if found and isinstance(found[0], Map) else None
        spec = self._parsed[path]
        return None if spec is None else (spec, text)

    def may_take(self, path: str) -> bool:
        """Whether one more file may be taken into another."""
        file = self.tree.file(path)
        if file is None:
            return False
        self._left -= max(file.size, _MAX_TAKEN // 1_000)
        if self._left < 0:
            self.tree.unread(path, "the Compose files take in too much of each other")
        return self._left >= 0


def repeated(spec: Map) -> list[tuple[str, Location]]:
    """The keys that a mapping of the file holds already, each with its place."""
    found: list[tuple[str, Location]] = []
    seen: set[int] = set()
    left: list[Any] = [spec]
    while left:
        value = left.pop()
        if not isinstance(value, (Map, Seq)) or id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, Map):
            found += ((key, Location(value.path, node.region)) for key, node in value.duplicates)
        left += value.values() if isinstance(value, Map) else value
    return found


class Loader:
    """Reads files for the projects of one folder; every path in them becomes relative to it."""

    def __init__(self, files: Files, folder: str, lookup: Lookup | None = None) -> None:
        self.files = files
        self.folder = folder
        self.lookup = lookup or dotenv(files.tree, folder)
        self._budget = MAX_FILE_BYTES
        self._files: dict[str, Map | None] = {}
        self._loaded: dict[str, Loaded | None] = {}

    def load(self, path: str, depth: int = 0) -> Loaded | None:
        """A file with its includes and extensions; None where it holds no mapping."""
        if path not in self._loaded:
            self._loaded[path] = None  # A file that includes itself ends here.
            spec = self.file(path)
            if spec is not None:
                self._loaded[path] = _Reading(self, path, depth).whole(spec)
        return self._loaded[path]

    def file(self, path: str) -> Map | None:
        """One file alone, its variables replaced and its paths relative to the project."""
        if path not in self._files:
            found = self.files.get(path)
            self._files[path] = None if found is None else self._seen(path, *found)
        return self._files[path]

    def _seen(self, path: str, spec: Map, text: str) -> Map:
        replaced = _Filling(self._fill).value(spec) if "$" in text else spec
        return rebased(replaced, path.rpartition("/")[0], self.folder)

    def _fill(self, text: str) -> str:
        if self._budget <= 0:
            return text
        replaced = filled(text, self.lookup)
        self._budget -= len(replaced)
        return replaced


def dotenv(tree: Tree, folder: str) -> Lookup:
    """The variables that a project takes from the `.env` beside it."""
    path = f"{folder}/.env".lstrip("/")
    text = tree.text(path) if tree.file(path) else None
    found = env.parse(path, text) if text else ()
    return {one.name: one.value for one in found if one.value is not None}.get


class _Reading:
    """Puts one file together with what it includes and extends."""

    def __init__(self, loader: Loader, path: str, depth: int) -> None:
        self.loader = loader
        self.path = path
        self.depth = depth
        self.missing: list[Location] = []
        self.included: set[str] = set()
        self.extended: set[str] = set()
        self.services: dict[tuple[str, str], tuple[Map, int]] = {}

    def whole(self, spec: Map) -> Loaded:
        services = spec.dig("services")
        if isinstance(services, Map) and any(
            isinstance(one, Map) and "extends" in one for one in services.values()
        ):
            spec = _with(spec, "services", self._extended(services))
        for index, item in enumerate(spec.items_of("include")[:MAX_INCLUDES]):
            spec = self._included(spec, item, spec.at("include", index))
        included, extended = frozenset(self.included), frozenset(self.extended)
        return Loaded(self.path, spec, tuple(self.missing), included, extended)

    def _extended(self, services: Map) -> Map:
        made = Map(services.path, services.node)
        for name, service in services.items():
            if isinstance(service, Map) and "extends" in service:
                service = self._service(self.path, services, name, 0)[0]
            made.set(name, service, services.origins[name])
        return made

    def _service(self, path: str, services: Map, name: str, depth: int) -> tuple[Map, int]:
        """A service over all that it extends, and how many those are."""
        key = (path, name)
        if key in self.services:
            return self.services[key]
        service = services.map(name)
        self.services[key] = service, _MAX_CHAIN  # Services that extend each other end here.
        done = service, 0
        found = self._parent(path, services, service) if depth < _MAX_CHAIN else None
        if found is not None:
            parent, length = self._service(*found, depth + 1)
            if length < _MAX_CHAIN:
                done = merge_services(parent, service), length + 1
        if "extends" in service and not done[1]:
            self.missing.append(service.at("extends"))
        self.services[key] = done
        return done

    def _parent(self, path: str, services: Map, service: Map) -> tuple[str, Map, str] | None:
        """The file, its services, and the name of what a service extends."""
        extends = service.dig("extends")
        name = service.text("extends", "service") if isinstance(extends, Map) else str(extends)
        written = service.text("extends", "file") if isinstance(extends, Map) else ""
        if extends is None:
            return None
        if written:
            path = joined(self.loader.folder, written) or ""
            other = self._file(path)
            if other is None:
                return None
            self.extended.add(path)
            services = other.map("services")
        return (path, services, name) if isinstance(services.dig(name), Map) else None

    def _file(self, path: str) -> Map | None:
        known = path == self.path or path in self.extended
        return self.loader.file(path) if known or self.loader.files.may_take(path) else None

    def _included(self, spec: Map, item: Any, where: Location) -> Map:
        """The file over the one that it includes."""
        paths = [item]
        if isinstance(item, Map):
            paths = item.items_of("path") or [item.text("path")]
        below: Map | None = None
        for written in paths[:MAX_INCLUDES]:
            path = joined(self.loader.folder, str(written))
            other = self._other(path) if path else None
            if other is None:
                self.missing.append(where)
            else:
                below = other.spec if below is None else merge(below, other.spec)
                self.missing += other.missing
                self.included |= {other.path, *other.included}
        return spec if below is None else merge(below, spec)

    def _other(self, path: str) -> Loaded | None:
        """An included file is a project of its own, with its own folder and variables."""
        if self.depth >= MAX_INCLUDE_DEPTH or not self.loader.files.may_take(path):
            return None
        folder = path.rpartition("/")[0]
        loader = self.loader
        if folder != loader.folder:
            own, outer = dotenv(loader.files.tree, folder), loader.lookup
            loader = Loader(loader.files, loader.folder, _either(outer, own))
        return loader.load(path, self.depth + 1)


def _either(first: Lookup, second: Lookup) -> Lookup:
    def lookup(name: str) -> str | None:
        value = first(name)
        return second(name) if value is None else value

    return lookup


def _with(spec: Map, key: str, value: Any) -> Map:
    """A copy with another value under this key."""
    made = Map(spec.path, spec.node)
    for name, old in spec.items():
        made.set(name, value if name == key else old, spec.origins[name])
    return made


# Paths


def rebased(spec: Map, folder: str, project: str) -> Map:
    """The file with its relative paths as they are seen from the folder of the project."""
    if folder == project:
        return spec
    prefix = "../" * len(list(filter(None, project.split("/")))) or "./"
    return _Rebasing(f"{prefix}{folder}/" if folder else prefix).file(spec)


class _Rebasing:
    def __init__(self, prefix: str) -> None:
        self.prefix = prefix

    def file(self, spec: Map) -> Map:
        made = Map(spec.path, spec.node)
        changes: dict[str, Callable[[Any], Any]] = {
            "services": lambda value: self._each(value, self._service),
            "secrets": lambda value: self._each(value, self._named("file")),
            "configs": lambda value: self._each(value, self._named("file")),
            "include": self._paths,
        }
        for key, value in spec.items():
            change = changes.get(key)
            made.set(key, change(value) if change else value, spec.origins[key])
        return made

    def _each(self, value: Any, change: Callable[[Any], Any]) -> Any:
        if not isinstance(value, Map):
            return value
        made = Map(value.path, value.node)
        for key, item in value.items():
            made.set(key, change(item), value.origins[key])
        return made

    def _named(self, *keys: str) -> Callable[[Any], Any]:
        def change(value: Any) -> Any:
            if not isinstance(value, Map):
                return value
            made = Map(value.path, value.node)
            for key, item in value.items():
                made.set(key, self._path(item) if key in keys else item, value.origins[key])
            return made

        return change

    def _service(self, service: Any) -> Any:
        if not isinstance(service, Map):
            return service
        made = Map(service.path, service.node)
        for key, value in service.items():
            if key == "build":
                is_text = isinstance(value, str)
                value = self._path(value) if is_text else self._named("context")(value)
            elif key == "extends":
                value = self._named("file")(value)
            elif key == "env_file":
                value = self._paths(value)
            elif key == "volumes":
                value = self._items(value, self._volume)
            made.set(key, value, service.origins[key])
        return made

    def _paths(self, value: Any) -> Any:
        return self._items(value, self._either) if isinstance(value, Seq) else self._path(value)

    def _either(self, item: Any) -> Any:
        if not isinstance(item, Map):
            return self._path(item)
        inner = item.dig("path")
        changed = self._named("path")(item)
        if isinstance(inner, Seq):
            changed.set("path", self._paths(inner), item.origins["path"])
        return changed

    def _items(self, value: Any, change: Callable[[Any], Any]) -> Any:
        if not isinstance(value, Seq):
            return value
        made = Seq(value.path, value.node)
        for index, item in enumerate(value):
            made.put(change(item), value.origins[index])
        return made

    def _volume(self, item: Any) -> Any:
        if isinstance(item, Map):
            return self._named("source")(item) if item.text("type") == "bind" else item
        return self.prefix + item if isinstance(item, str) and item.startswith(".") else item

    def _path(self, value: Any) -> Any:
        """Absolute paths, addresses and unknown ones stay as they are."""
        if not isinstance(value, str) or value.startswith(("/", "~", "$", "git@")):
            return value
        return value if "://" in value else self.prefix + value


# Variables


class _Filling:
    """Replaces variables; what holds none stays the same object, what is shared stays shared."""

    def __init__(self, fill: Callable[[str], str]) -> None:
        self.fill = fill
        self.done: dict[int, Any] = {}

    def value(self, value: Any) -> Any:
        if isinstance(value, str):
            is_plain = "$" not in value or isinstance(value, Tagged)
            return value if is_plain else self.fill(value)
        if not isinstance(value, (Map, Seq)):
            return value
        if id(value) not in self.done:
            self.done[id(value)] = value  # A value may hold itself.
            filled = self._map(value) if isinstance(value, Map) else self._seq(value)
            self.done[id(value)] = filled
        return self.done[id(value)]

    def _map(self, value: Map) -> Map:
        inner = {key: self.value(item) for key, item in value.items()}
        if all(inner[key] is value[key] for key in value):
            return value
        made = Map(value.path, value.node)
        for key, item in inner.items():
            path, name, written = value.origins[key]
            if isinstance(item, str) and item is not value[key]:
                written = written._replace(text=str(item))
            made.set(key, item, (path, name, written))
        made.duplicates = value.duplicates
        return made

    def _seq(self, value: Seq) -> Seq:
        inner = [self.value(item) for item in value]
        if all(new is old for new, old in zip(inner, value, strict=True)):
            return value
        made = Seq(value.path, value.node)
        for index, item in enumerate(inner):
            path, name, written = value.origins[index]
            if isinstance(item, str) and item is not value[index]:
                written = written._replace(text=str(item))
            made.put(item, (path, name, written))
        return made
