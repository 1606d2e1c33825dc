"""Kustomizations: what each one applies, with its components, generators and patches followed.

Source: https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from flask_preflight.artifacts import env
from flask_preflight.artifacts.build_files import joined
from flask_preflight.artifacts.kubernetes import TEMPLATES
from flask_preflight.artifacts.kubernetes_patch import (
    Budget,
    Merge,
    Spent,
    added,
    changed,
    changes,
    copied,
    replaced,
)
from flask_preflight.artifacts.yaml import Key, Map, Node, Seq, documents
from flask_preflight.facts import role_level
from flask_preflight.lazy import expression
from flask_preflight.result import Level, Location
from flask_preflight.rule import Rule
from flask_preflight.run import File, Role, Tree

NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_MAX_DEPTH = 20
"""How deep kustomizations may include each other; real ones stop at five."""
_BUDGET = 1_000_000
_OBJECT = 40
_MATCH = 4
"""What it costs to compare an object with the target of a patch."""
"""What an object costs beside the items that are copied for it."""
_CUSTOM = ("argoproj.io", "serving.knative.dev")
_SCALED = frozenset(("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController", "Rollout"))


def _is_local(name: str) -> bool:
    """Whether it names something beside it, and nothing to download."""
    return not re.search(r"://|\?ref=|^git@|^[\w-]+(?:\.[\w-]+)+/|\$|\{\{", name)


_TOOLS = expression(r"skaffold/|kind\.x-k8s\.io|\.config\.k8s\.io")


class Applied(NamedTuple):
    """An object as it is applied. `is_partial`: something changes it that was not followed."""

    spec: Map
    path: str
    role: Role
    is_partial: bool = False
    is_generated: bool = False
    prefix: str = ""
    suffix: str = ""
    """What kustomizations add to its name: references follow, so only patches need to know."""


class Target(NamedTuple):
    """Which objects a patch is for; kind and name are patterns, empty ones fit everything."""

    kind: str
    name: str
    labels: str
    is_clear: bool

    def fits(self, item: Applied) -> bool | None:
        """None where that cannot be told."""
        spec, name = item.spec, item.spec.text("metadata", "name")
        named = _fits(self.name, name)
        if named is False and (item.prefix or item.suffix):
            named = _fits(self.name, f"{item.prefix}{name}{item.suffix}")
        answers = (
            _fits(self.kind, spec.text("kind")),
            named,
            _labelled(self.labels, spec.map("metadata", "labels")),
        )
        if False in answers:
            return False
        return None if None in answers or not self.is_clear else True


class Kustomization:
    """One kustomization; paths are relative to the root of the project.

    `missing` are what it names and the repository does not have, by their keys.
    """

    def __init__(self, folder: str, file: File, spec: Map) -> None:
        self.folder = folder
        self.path = file.path
        self.role: Role = file.role
        self.spec = spec
        self.missing: list[tuple[str, tuple[Key, ...]]] = []
        self.files: list[str] = []
        self.folders: list[str] = []
        self.components: list[str] = []
        self.is_open = any(key in spec for key in ("helmCharts", "generators", "transformers"))

    def at(self, *keys: str | int) -> Location:
        return self.spec.at(*keys)

    def level(self, rule: Rule) -> Level | None:
        """Whatever is wrong in it stops whoever builds it."""
        return role_level(self.role, rule)

    def files_named(self) -> Iterator[tuple[str, tuple[Key, ...]]]:
        """The files beside its resources that it reads, with their keys."""
        for _, text, path, keys in self.patches:
            if path and text is None:
                yield path, keys
        for field in ("configMapGenerator", "secretGenerator"):
            for index, item in enumerate(self.spec.items_of(field)):
                for kind in ("files", "envs") if isinstance(item, Map) else ():
                    for number, one in enumerate(item.items_of(kind)):
                        name = str(one).partition("=")[2] or str(one)
                        yield name, (field, index, kind, number)

    @property
    def patches(self) -> Iterator[tuple[Target | None, Any, str, tuple[Key, ...]]]:
        """Target, inline text or None, path, and the keys in the kustomization."""
        for index, item in enumerate(self.spec.items_of("patchesStrategicMerge")):
            text = str(item)
            inline = "\n" in text or text.lstrip().startswith("{")
            keys = ("patchesStrategicMerge", index)
            yield None, text if inline else None, "" if inline else text, keys
        for key in ("patches", "patchesJson6902"):
            for index, item in enumerate(self.spec.items_of(key)):
                if isinstance(item, Map):
                    target = _target(item.map("target")) if "target" in item else None
                    yield target, item.dig("patch"), item.text("path"), (key, index, "patch")


class Kustomizer:
    """All kustomizations of the repository; `read` gives the documents of a file."""

    def __init__(self, tree: Tree, read: Callable[[str], list[Any]]) -> None:
        self.tree = tree
        self._read = read
        self.all: dict[str, Kustomization] = {}
        self.applied: set[int] = set()
        """The documents of patches that changed something."""
        self._patch_documents: dict[tuple[str, tuple[Key, ...]], list[Any]] = {}
        self._objects: dict[str, list[Applied]] = {}
        self._budget = Budget(_BUDGET)

    def add(self, folder: str, file: File, spec: Map) -> None:
        """Remember one kustomization with what it names."""
        one = self.all[folder] = Kustomization(folder, file, spec)
        for name, keys in one.files_named():
            found = joined(folder, name)
            if found is not None and self.tree.file(found) is None and not self._is_made(name):
                one.missing.append((name, keys))
        for key in ("resources", "bases", "components"):
            for index, item in enumerate(spec.items_of(key)):
                found = joined(folder, str(item))
                local = _is_local(str(item)) and not self._exists(found)
                if local and not self._is_made(str(item)):
                    one.missing.append((str(item), (key, index)))
                if found is not None and self.tree.file(found):
                    one.files.append(found)
                elif found is not None and self.tree.is_folder(found):
                    (one.components if key == "components" else one.folders).append(found)
                else:
                    one.is_open = True

    def _exists(self, path: str | None) -> bool:
        """Whether a file or a kustomization is there; what lies outside of the project may be."""
        if path is None or self.tree.file(path) is not None:
            return True
        return any(self.tree.file(f"{path}/{name}".lstrip("/")) is not None for name in NAMES)

    def _is_made(self, name: str) -> bool:
        """Whether something in the repository speaks of the file: a script may write it."""
        last = name.rstrip("/").rpartition("/")[2]
        for file in self.tree.files:
            told = {"script", "ci", "dockerfile"}.intersection(file.kinds)
            told = told or {".gitignore"}.intersection((file.path.rpartition("/")[2],))
            if told and last in (self.tree.text(file.path) or ""):
                return True
        return False

    def named(self) -> set[str]:
        """Every file that some kustomization applies or patches with."""
        found = {path for one in self.all.values() for path in one.files}
        for one in self.all.values():
            paths = (joined(one.folder, path) for _, _, path, _ in one.patches if path)
            found.update(path for path in paths if path is not None)
        return found

    def leaves(self) -> list[Kustomization]:
        """Those that no other one uses, in the order of their folders."""
        used = {f for one in self.all.values() for f in (*one.folders, *one.components)}
        return [one for folder, one in sorted(self.all.items()) if folder not in used]

    def closure(self, start: Kustomization) -> list[Kustomization]:
        """The kustomization and everything that it uses."""
        found, waiting = {start.folder: start}, [start]
        while waiting:
            one = waiting.pop()
            for folder in (*one.folders, *one.components):
                other = self.all.get(folder)
                if other is not None and folder not in found:
                    found[folder] = other
                    waiting.append(other)
        return list(found.values())

    def objects(self, one: Kustomization) -> list[Applied]:
        """What `kustomize build` gives for it."""
        return self._build(one, [], 0)

    def _build(self, one: Kustomization, below: list[Applied], depth: int) -> list[Applied]:
        """`below` is what a component is laid over."""
        if depth > _MAX_DEPTH:
            self.tree.unread(one.path, f"kustomizations nested deeper than {_MAX_DEPTH}")
            return below
        found = list(below)
        for path in one.files:
            found += self._file(path)
        for folder in one.folders:
            other = self.all.get(folder)
            if other is not None:
                if folder not in self._objects:
                    self._objects[folder] = []
                    self._objects[folder] = self._build(other, [], depth + 1)
                found += self._objects[folder]
        for folder in one.components:
            component = self.all.get(folder)
            if component is not None:
                found = self._build(component, found, depth + 1)
        try:
            self._budget.spend(len(found) * _OBJECT)
            return self._transformed(one, found)
        except Spent:
            self.tree.unread(one.path, "kustomizations multiply into too many objects")
            return []

    def _file(self, path: str) -> Iterator[Applied]:
        file = self.tree.file(path)
        for document in self._read(path):
            for spec in objects_of(document):
                if file is not None:
                    yield Applied(spec, path, file.role)

    # What a kustomization does with its objects

    def _transformed(self, one: Kustomization, found: list[Applied]) -> list[Applied]:
        found = self._generated(one, found)
        for target, text, path, keys in one.patches:
            for patch in self._documents(one, text, path, keys):
                found = self._patched(found, target, patch)
        images = [item for item in one.spec.maps("images") if item.text("name")]
        counts = {item.text("name"): item for item in one.spec.maps("replicas")}
        if images or counts:
            found = [self._adjusted(item, images, counts) for item in found]
        for pairs, selectors, templates in _labels(one.spec):
            found = [self._labelled(item, pairs, selectors, templates) for item in found]
        prefix, suffix = one.spec.text("namePrefix"), one.spec.text("nameSuffix")
        if prefix or suffix:
            found = [
                item._replace(prefix=prefix + item.prefix, suffix=item.suffix + suffix)
                for item in found
            ]
        unseen = "transformers" in one.spec or _replaces(one.spec)
        return [item._replace(is_partial=True) for item in found] if unseen else found

    def _documents(
        self, one: Kustomization, text: Any, path: str, keys: tuple[Key, ...]
    ) -> list[Any]:
        """The documents of one patch, read once."""
        if path:
            file = joined(one.folder, path)
            return [] if file is None else self._read(file)
        known = self._patch_documents.get((one.path, keys))
        if known is None:
            known = self._inline(one, text, keys) if isinstance(text, str) else []
            self._patch_documents[one.path, keys] = known
        return known

    def _inline(self, one: Kustomization, text: str, keys: tuple[Key, ...]) -> list[Any]:
        """A patch that is written in the kustomization itself, at the lines where it stands."""
        node = one.spec.written(*keys)
        source = self.tree.text(one.path)
        line = node.start_line if node is not None else 1
        if node is not None and node.style == "|" and source is not None:
            rows = source.split("\n")[line : max(node.end_line, line + 1)]
            text = "\n".join(rows)
            line += 1
        found, _ = documents(one.path, "\n" * (line - 1) + text, self.tree)
        return found

    def _patched(self, found: list[Applied], target: Target | None, patch: Any) -> list[Applied]:
        if target is None:
            if not isinstance(patch, Map):
                return found
            kind, name = patch.text("kind"), patch.text("metadata", "name")
            target = Target(kind, name, "", is_clear=bool(kind and name))
        operations = changes(patch) if isinstance(patch, Seq) else None
        self._budget.spend(len(found) * _MATCH)
        made = []
        for item in found:
            fits = target.fits(item)
            if fits is False:
                made.append(item)
                continue
            self.applied.add(id(patch))
            spec = self._one(item.spec, patch, operations) if fits else None
            if spec is None:
                made.append(item._replace(is_partial=True))
            elif spec.get("$patch") != "delete":
                made.append(item._replace(spec=spec))
        return made

    def _one(self, spec: Map, patch: Any, operations: Any) -> Map | None:
        """The object after the patch; None where that was not followed."""
        if isinstance(patch, Map):
            return self._merged(spec, patch)
        made: Any = spec if operations is not None else None
        for change in operations or ():
            made = changed(made, change, self._budget)
            if not isinstance(made, Map):
                return None
        return made if isinstance(made, Map) else None

    def _merged(self, spec: Map, patch: Map) -> Map | None:
        if patch.get("$patch") == "delete":
            return patch
        lists = spec.text("apiVersion").partition("/")[0] not in _CUSTOM
        try:
            return Merge(self._budget, lists=lists).maps(spec, _unnamed(patch, spec))
        except RecursionError:  # Chains of aliases lie deeper than the text is nested.
            return None

    def _adjusted(self, item: Applied, images: list[Map], counts: dict[str, Map]) -> Applied:
        spec, kind = item.spec, item.spec.text("kind")
        count = counts.get(spec.text("metadata", "name"))
        if count is not None and kind in _SCALED and isinstance(count.dig("count"), int):
            origin = count.origins["count"]
            spec = replaced(spec, ("spec", "replicas"), count["count"], origin, self._budget)
        keys = TEMPLATES.get(kind)
        for field in ("initContainers", "containers") if images and keys is not None else ():
            path: tuple[Key, ...] = (*(keys or ()), "spec", field)
            for index, container in enumerate(spec.items_of(*path)):
                if isinstance(container, Map):
                    self._budget.spend(len(images))
                    image = _image(container.text("image"), images)
                    if image is not None:
                        where = (*path, index, "image")
                        spec = replaced(spec, where, image[0], image[1], self._budget)
        return item._replace(spec=spec)

    def _labelled(self, item: Applied, pairs: Map, selectors: bool, templates: bool) -> Applied:
        """Labels are put where Services and scalers look for them, too."""
        spec = added(item.spec, ("metadata", "labels"), pairs, self._budget)
        keys = TEMPLATES.get(spec.text("kind"))
        if keys and (selectors or templates):
            spec = added(spec, (*keys, "metadata", "labels"), pairs, self._budget)
        if selectors and isinstance(spec.dig("spec", "selector"), Map):
            match = "matchLabels" in spec.map("spec", "selector") or keys is not None
            path = ("spec", "selector", "matchLabels") if match else ("spec", "selector")
            spec = added(spec, path, pairs, self._budget)
        return item._replace(spec=spec)

    # Generators

    def _generated(self, one: Kustomization, found: list[Applied]) -> list[Applied]:
        if "configMapGenerator" not in one.spec and "secretGenerator" not in one.spec:
            return found
        found = list(found)
        places = {
            (item.spec.text("kind"), item.spec.text("metadata", "name")): index
            for index, item in enumerate(found)
        }
        for key, kind in (("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret")):
            for item in one.spec.maps(key):
                self._budget.spend(_OBJECT)
                made = self._map(one, item, kind)
                place = places.get((kind, item.text("name")))
                if place is None or item.text("behavior") not in ("merge", "replace"):
                    places[kind, item.text("name")] = len(found)
                    found.append(made)
                elif item.text("behavior") == "merge":
                    old = found[place]
                    merged = Merge(self._budget, lists=False).maps(old.spec, made.spec)
                    partial = old.is_partial or made.is_partial
                    found[place] = old._replace(spec=merged, is_partial=partial)
                else:
                    found[place] = made
        return found

    def _map(self, one: Kustomization, item: Map, kind: str) -> Applied:
        made, metadata, data = (Map(item.path, item.node) for _ in range(3))
        here = (item.path, item.node, item.node)
        metadata.set("name", item.text("name"), item.origins.get("name", here))
        for key, value in (("apiVersion", "v1"), ("kind", kind), ("metadata", metadata)):
            made.set(key, value, (item.path, item.node, item.node._replace(text=str(value))))
        made.set("data" if kind == "ConfigMap" else "stringData", data, here)
        partial = False
        literals = item.dig("literals")
        for index, literal in enumerate(literals if isinstance(literals, Seq) else ()):
            name, equals, value = str(literal).partition("=")
            path, _, node = literals.origins[index]
            if equals:
                place = (path, node, node._replace(text=value))
                data.set(name, value.strip("\"'"), place)
        envs = [*map(str, item.items_of("envs")), item.text("env")]
        for name in filter(None, envs):
            partial |= not self._environment(joined(one.folder, name), data)
        for entry in map(str, item.items_of("files")):
            name, _, path = entry.rpartition("=")
            partial |= not self._content(joined(one.folder, path), name, data)
        role = self.tree.file(one.path)
        return Applied(made, one.path, role.role if role else "production", partial, True)

    def _environment(self, path: str | None, data: Map) -> bool:
        text = self.tree.text(path) if path is not None else None
        if path is None or text is None:
            return False
        for variable in env.parse(path, text):
            node = Node(*variable.location.region, text=variable.value or "")
            data.set(variable.name, variable.value, (path, node, node))
        return True

    def _content(self, path: str | None, name: str, data: Map) -> bool:
        file = self.tree.file(path) if path is not None else None
        if path is None or file is None:
            return False
        node = Node(1, 1, 1, 1)
        data.set(name or path.rpartition("/")[2], None, (path, node, node))
        return True


def objects_of(document: Any) -> Iterator[Map]:
    """The objects of a document; lists of objects are taken apart, configuration of tools is left.

    An item of a typed list has the list's version, and its kind without `List`, if none of its own.
    """
    waiting, seen = [document], {id(document)}
    while waiting:
        found = waiting.pop(0)
        if not isinstance(found, Map):
            continue
        kind, items = found.text("kind"), found.dig("items")
        if not kind.endswith("List") or not isinstance(items, Seq):
            named = "apiVersion" in found or "metadata" in found
            if kind and named and not _TOOLS.search(found.text("apiVersion")):
                yield found
            continue
        for item in items:
            if isinstance(item, Map) and id(item) not in seen:
                seen.add(id(item))
                waiting.append(_typed(item, found, kind[: -len("List")]))


def _typed(item: Map, parent: Map, kind: str) -> Map:
    missing = [key for key in ("apiVersion", "kind") if key not in item]
    if not missing or not kind:
        return item
    made = copied(item)
    for key in missing:
        path, name, node = parent.origins.get(key, (parent.path, parent.node, parent.node))
        value = kind if key == "kind" else parent.get(key)
        made.set(key, value, (path, name, node._replace(text=str(value))))
    return made


def _target(found: Map) -> Target:
    clear = "annotationSelector" not in found
    return Target(found.text("kind"), found.text("name"), found.text("labelSelector"), clear)


def _unnamed(patch: Map, spec: Map) -> Map:
    """The patch without the fields that only say what it is for."""
    made = Map(patch.path, patch.node)
    for key, value in patch.items():
        if key == "metadata" and isinstance(value, Map):
            inner = Map(value.path, value.node)
            for name, item in value.items():
                if name not in ("name", "namespace") or not spec.text("metadata", name):
                    inner.set(name, item, value.origins[name])
            made.set(key, inner, patch.origins[key])
        elif key not in ("apiVersion", "kind"):
            made.set(key, value, patch.origins[key])
    return made


def _fits(pattern: str, text: str) -> bool | None:
    """Whether an anchored pattern fits; only `.*` and `|` are understood, else None."""
    if not pattern or pattern == text:
        return True
    inner = pattern[1:-1] if pattern.startswith("(") and pattern.endswith(")") else pattern
    answers = [_fits_one(one, text) for one in inner.strip("^$").split("|")]
    if True in answers:
        return True
    return None if None in answers else False


def _fits_one(pattern: str, text: str) -> bool | None:
    parts = pattern.split(".*")
    if any(letter in part for part in parts for letter in "()[]{}*+?^$\\"):
        return None
    if len(parts) == 1:
        return pattern == text
    if not text.startswith(parts[0]) or not text.endswith(parts[-1]):
        return False
    position, end = len(parts[0]), len(text) - len(parts[-1])
    for part in parts[1:-1]:
        found = text.find(part, position, end)
        if found < 0:
            return False
        position = found + len(part)
    return position <= end


def _labelled(selector: str, labels: Map) -> bool | None:
    for one in filter(None, selector.split(",")):
        name, equals, value = one.replace("==", "=").partition("=")
        if not equals or name.endswith("!"):
            return None
        if labels.text(name.strip()) != value.strip():
            return False
    return True


def _image(reference: str, images: Iterable[Map]) -> tuple[str, tuple[str, Node, Node]] | None:
    """The reference that an entry of `images` puts in place, and where that is written."""
    bare, _, digest = reference.partition("@")
    head, _, last = bare.rpartition("/")
    name, _, tag = last.partition(":")
    path = f"{head}/{name}" if head else name
    for item in images:
        if item.text("name") == path:
            key = next((k for k in ("newTag", "digest", "newName") if k in item), "name")
            made = item.text("newName") or path
            if item.text("newTag"):
                tag, digest = item.text("newTag"), ""
            digest = item.text("digest") or digest
            made += (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")
            file, _, node = item.origins[key]
            return made, (file, node, node._replace(text=made))
    return None


def _labels(spec: Map) -> Iterator[tuple[Map, bool, bool]]:
    """The labels to add, and whether to selectors and to pod templates as well."""
    if spec.map("commonLabels"):
        yield spec.map("commonLabels"), True, True
    for item in spec.maps("labels"):
        selectors = item.dig("includeSelectors") is True
        yield item.map("pairs"), selectors, selectors or item.dig("includeTemplates") is True


def _replaces(spec: Map) -> bool:
    return any(True for _ in spec.maps("replacements"))
