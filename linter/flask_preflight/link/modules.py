"""The graph of modules: which file an import means, and what importing a file runs."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Any, TypeVar

from flask_preflight.artifacts.source import (
    Class,
    Constant,
    EnvRead,
    HelpedRead,
    Import,
    ModuleFact,
    Reader,
    Value,
)
from flask_preflight.facts import Deployment

Fact = TypeVar("Fact")


class Modules:
    """Names across the Python files of the repository."""

    def __init__(self, deployment: Deployment) -> None:
        self.paths = {one.name: one.path for one in deployment[ModuleFact]}
        self.names_of = {path: name for name, path in self.paths.items()}
        self.deployment = deployment
        self._facts: dict[type, dict[str, list[Any]]] = {}
        self._order = {path: number for number, path in enumerate(self.names_of)}
        self._constants: dict[tuple[str, str], list[Constant]] = {}
        for constant in deployment[Constant]:
            if not constant.guard.scope:
                key = (constant.path, constant.name)
                self._constants.setdefault(key, []).append(constant)
        self._readers = {(one.path, one.name): one for one in deployment[Reader]}
        self._classes = {(one.path, one.name): one for one in deployment[Class]}
        self._edges: dict[str, frozenset[str]] = {}

    def of(self, kind: type[Fact], paths: Collection[str]) -> list[Fact]:
        """The facts of one kind of some files, in the order of the files."""
        if kind not in self._facts:
            index = self._facts[kind] = {}
            for one in self.deployment[kind]:
                index.setdefault(one.path, []).append(one)  # type: ignore[attr-defined]
        index = self._facts[kind]
        if len(paths) < len(index):
            chosen = [path for path in paths if path in index]
            chosen.sort(key=lambda path: self._order.get(path, 0))
        else:
            chosen = [path for path in index if path in paths]
        return [one for path in chosen for one in index[path]]

    def resolve(self, dotted: str, from_path: str) -> str | None:
        """The file of a dotted module, as the folders above the importing file would find it."""
        folder = from_path.rpartition("/")[0].replace("/", ".")
        while True:
            for prefix in (folder, f"{folder}.src" if folder else "src"):
                found = self.paths.get(f"{prefix}.{dotted}" if prefix else dotted)
                if found is not None:
                    return found
            if not folder:
                return None
            folder = folder.rpartition(".")[0]

    def locate(self, dotted: str, from_path: str) -> tuple[str, str] | None:
        """The file and the name in it that a dotted name means."""
        module, _, name = dotted.rpartition(".")
        while module:
            found = self.resolve(module, from_path)
            if found is not None:
                return found, name.partition(".")[0] or name
            module, _, head = module.rpartition(".")
            name = f"{head}.{name}"
        return None

    def constants(self, path: str, name: str) -> list[Constant]:
        """What a name of a module is bound to, in the order of the file."""
        return self._constants.get((path, name), [])

    def names(self, path: str) -> list[Constant]:
        """Everything that is bound in a module."""
        return [one for one in self.of(Constant, (path,)) if not one.guard.scope]

    def classes(self, path: str) -> list[Class]:
        return self.of(Class, (path,))

    def class_of(self, dotted: str, from_path: str) -> Class | None:
        """The class that a name means in a file."""
        own = self._classes.get((from_path, dotted))
        if own is not None:
            return own
        found = self.locate(dotted, from_path)
        if found is None:
            return None
        path, name = found
        direct = self._classes.get((path, name))
        if direct is not None:
            return direct
        again = self.imported(path, name)
        return self._classes.get(again) if again is not None else None

    def imported(self, path: str, name: str) -> tuple[str, str] | None:
        """Where a name comes from that a module imports from another one."""
        for one in self.of(Import, (path,)):
            if one.name == name or one.star:
                found = self.resolve(one.target, path)
                if found is not None and (one.name == name or self.constants(found, name)):
                    return found, name
        return None

    def helped(self, value: Value, path: str) -> Value:
        """What a call of a helper in another module reads; the value itself if it is none."""
        place = self.locate(value.reference, path) if value.kind == "call" else None
        if place is None or not isinstance(value.literal, tuple):
            return value
        reader = self._readers.get(place) or self._readers.get(self.imported(*place) or place)
        given: dict[str, Value] = dict(value.literal)
        name = given.get("0") or given.get(reader.parameter) if reader is not None else None
        if reader is None or name is None or not isinstance(name.literal, str):
            return value
        default = given.get("1") or given.get(reader.default) or given.get("default")
        default = default or reader.fallback
        found = Value("env", value.location, names=(reader.prefix + name.literal,))
        found = found._replace(boolean=reader.boolean, cast=reader.cast)
        if default is not None and default.kind == "literal":
            where = default.location
            return found._replace(has_default=True, literal=default.literal, fallback=where)
        return found._replace(has_default=default is not None or not reader.strict)

    def helped_reads(self, paths: Collection[str]) -> list[EnvRead]:
        """The reads of variables in some files that go through helpers in other ones."""
        found = []
        for one in self.of(HelpedRead, paths):
            value, guard = self.helped(one.value, one.path), one.guard
            if value.kind == "env":
                name = value.names[0]
                strict = value.required and not guard.caught and name not in guard.tested
                found.append(EnvRead(one.path, name, value, strict, guard, one.location))
        return found

    def closure(self, starts: Iterable[str]) -> frozenset[str]:
        """The files that run when these are imported, themselves included."""
        waiting, seen = list(starts), set(starts)
        while waiting:
            for path in self._targets(waiting.pop()):
                if path not in seen:
                    seen.add(path)
                    waiting.append(path)
        return frozenset(seen)

    def _targets(self, path: str) -> frozenset[str]:
        if path not in self._edges:
            found: set[str] = set()
            for one in self.of(Import, (path,)):
                found |= self._files(one, path)
            self._edges[path] = frozenset(found)
        return self._edges[path]

    def _files(self, imported: Import, path: str) -> set[str]:
        names = [imported.target]
        if imported.name and not imported.star:
            names.append(f"{imported.target}.{imported.name}".lstrip("."))
        found = set()
        for name in names:
            module = self.resolve(name, path) if name else None
            if module is not None:
                found.add(module)
                found |= self._packages(module)
        return found

    def _packages(self, path: str) -> set[str]:
        """The `__init__` files that run before a module of a package."""
        folders = re.split("/", path)[:-1]
        candidates = ("/".join([*folders[:i], "__init__.py"]) for i in range(1, len(folders) + 1))
        return {candidate for candidate in candidates if candidate in self.names_of}
