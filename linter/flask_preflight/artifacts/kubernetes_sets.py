"""Which files are manifests, what is applied together, and what the sets say of their workloads."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from typing import Any

from flask_preflight.artifacts.kubernetes import MAX_CONTAINERS, Manifest, ManifestSet, Workload
from flask_preflight.artifacts.kubernetes_kustomize import (
    NAMES,
    Applied,
    Kustomization,
    Kustomizer,
    objects_of,
)
from flask_preflight.artifacts.kubernetes_rendered import Rendered
from flask_preflight.artifacts.yaml import Map, Seq, documents
from flask_preflight.facts import Span
from flask_preflight.lazy import expression
from flask_preflight.run import File, Notes, Role, Tree

_TEMPLATE = expression(
    r"[ \t]*(?:- +)*(?:[^\s:#\"']+:[ \t]+)?"
    r"(?:\{\{[-\s]*(?:\.|\$|include|template|if|range|with|end|define|toYaml)|\{%)"
)
_DEVELOPMENT = expression(
    r"(?:^|[-_./])(?:dev|devel|develop|development|local|minikube|kind|k3d|tilt|sandbox|ci(?!-cd)|tests?"
    r"|testing|e2e|preview)(?:[-_./]|\Z)"
)
_VALUES = expression(
    r"(?:^|/)(?:Chart\.ya?ml|values[^/]*\.ya?ml|cdk8s\.ya?ml|[^/]*\.(?:jsonnet|libsonnet))\Z"
)
_MAKES = expression(
    r"\bkubectl\b[^\n|;&]{0,200}\s(?:create|run|expose)\s|\bhelm\b[^\n|;&]{0,200}\s(?:install|upgrade"
    r"|template)\s|\bhelmfile\b"
)
_PROVIDERS = expression(r"\bkubernetes_\w+\"|\bhelm_release\b|\bkubectl_manifest\b|kubernetes:")
_RELEASE = expression(r"(?<![^/])v?(\d{1,4}(?:\.\d{1,4}){1,2})(?:-[\w.]+)?/")
_RENDERED = expression(r"^# Source: \S+/\S+", re.MULTILINE)
_OPENERS = frozenset(("HelmRelease", "HelmChart", "Application", "ApplicationSet"))
_PATCH = expression(r"(?i)(?:\A|[_.-])patch(?:es)?(?:[_.-]|\Z)")
_NOT_MANIFESTS = frozenset(("Chart.yaml", "skaffold.yaml", "skaffold.yml"))
_MAX_OBJECTS = 20_000


def sets(tree: Tree) -> tuple[list[ManifestSet], list[Kustomization]]:
    """The sets of the repository, in the order of their names, and its kustomizations."""
    reader = _Reader(tree)
    return reader.sets(), [one for _, one in sorted(reader.kustomizer.all.items())]


class _Reader:
    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.documents: dict[str, list[Any]] = {}
        self.files: list[File] = []
        self.kustomizer = Kustomizer(tree, self.read)
        self.is_open = False
        self.unread: set[str] = set()
        """Folders with files that could not be read as manifests."""

    def sets(self) -> list[ManifestSet]:
        for file in self.tree.of("kubernetes"):
            self._look(file)
        leaves = list(self._leaves())
        found = [*leaves, *self._plain()]
        self._patches(found)
        self.is_open = self.is_open or self._is_made_elsewhere()
        self._say_limits(found)
        cluster = str(self.tree.settings.get("kubernetes-version") or "")
        for one in found:
            one.all_sets, one.cluster = found, cluster
            one.closed = bool(one.workloads) and not self.is_open and one.closed
        _scale(found)
        return sorted(found, key=lambda one: one.name)

    def _say_limits(self, found: list[ManifestSet]) -> None:
        for one in found:
            for workload in one.workloads:
                if len(workload.containers) == MAX_CONTAINERS:
                    self.tree.unread(workload.path, f"more than {MAX_CONTAINERS} containers")

    def _look(self, file: File) -> None:
        name = file.path.rpartition("/")[2]
        if name in NAMES:
            found = self.read(file.path)
            if found and isinstance(found[0], Map):
                self.kustomizer.add(file.path.rpartition("/")[0], file, found[0])
        elif name not in _NOT_MANIFESTS:
            self.files.append(file)
            objects = [one for found in self.read(file.path) for one in objects_of(found)]
            if any(one.text("kind") in _OPENERS for one in objects):
                self.is_open = True

    def read(self, path: str) -> list[Any]:
        """The documents of a file; none where it is a template or cannot be read."""
        if path not in self.documents:
            text = self.tree.text(path)
            self.documents[path] = [] if text is None else self._parsed(path, text)
        return self.documents[path]

    def _parsed(self, path: str, text: str) -> list[Any]:
        if self._is_of_chart(path):
            return self._skipped(path)
        notes = Notes()
        found, complete = documents(path, _without_schemas(text), notes)
        braces = "{{" in text or "{%" in text
        unparsed = braces and any(note.id == "PRE010" for note in notes.notifications)
        if unparsed or braces and _is_strange(found) and _has_template(text):
            return self._skipped(path)
        self.tree.notifications += notes.notifications
        if not complete:
            self.unread.add(path.rpartition("/")[0])
        return found

    def _skipped(self, path: str) -> list[Any]:
        self.is_open = True
        self.unread.add(path.rpartition("/")[0])
        self.tree.skipped(path, "template of manifests")
        return []

    def _is_of_chart(self, path: str) -> bool:
        folders = path.split("/")[:-1]
        return any(
            folder == "templates"
            and self.tree.file("/".join([*folders[:index], "Chart.yaml"])) is not None
            for index, folder in enumerate(folders)
        )

    def _is_made_elsewhere(self) -> bool:
        """Whether something in the repository makes objects that are not written as manifests."""
        if any(_VALUES.search(file.path) for file in self.tree.files):
            return True
        for kinds, pattern in ((("script", "ci"), _MAKES), (("iac",), _PROVIDERS)):
            for file in self.tree.files:
                if any(kind in file.kinds for kind in kinds):
                    text = self.tree.text(file.path)
                    if text and pattern.search(text):
                        return True
        return False

    # Sets

    def _leaves(self) -> Iterator[ManifestSet]:
        """What each kustomization applies that no other one uses."""
        leaves = self.kustomizer.leaves()
        closures = [self.kustomizer.closure(leaf) for leaf in leaves]
        files = [{path for one in closure for path in one.files} for closure in closures]
        milder = [_DEVELOPMENT.search(leaf.folder.lower()) is not None for leaf in leaves]
        applied = {
            path for paths, mild in zip(files, milder, strict=True) if not mild for path in paths
        }
        for leaf, closure, paths, mild in zip(leaves, closures, files, milder, strict=True):
            objects = self.kustomizer.objects(leaf)
            if objects:
                development = mild and bool(applied & paths)
                manifests = [_manifest(item, development=development) for item in objects]
                found = _set(leaf.folder, manifests, "development" if development else None)
                found.closed = not any(one.is_open for one in closure)
                found.has_unread = any(one.folder in self.unread for one in closure)
                yield found

    def _plain(self) -> Iterator[ManifestSet]:
        """Files that no kustomization names, by the topmost folder of such files."""
        named = self.kustomizer.named()
        loose = {file: self._whole(file) for file in self.files if file.path not in named}
        loose = {file: specs for file, specs in loose.items() if specs}
        for file in _superseded(loose):
            self.tree.skipped(file.path, "manifests of an older release")
            del loose[file]
        folders = {file.path.rpartition("/")[0] for file in loose}
        roles = _Roles(loose)
        groups: dict[str, dict[str, list[Manifest]]] = {}
        for file, specs in loose.items():
            folder = file.path.rpartition("/")[0]
            top = _top(folder, folders, self.kustomizer.all.keys())
            text = self.tree.text(file.path) or ""
            if _RENDERED.search(text):
                top = folder = file.path
                self.tree.origins[file.path] = Rendered(self.tree, text).origin
            members = groups.setdefault(top, {}).setdefault(folder, [])
            role = roles.of(file)
            members += (_manifest(Applied(spec, file.path, role)) for spec in specs)
        for top, folders_of in sorted(groups.items()):
            for name, manifests in _alternatives(top, folders_of):
                found = _set(name, manifests)
                found.closed = True
                found.has_unread = not self.unread.isdisjoint(folders_of)
                yield found

    def _whole(self, file: File) -> list[Map]:
        """The objects of a file, without patches."""
        if self._is_spare(file.path):
            return []
        return [
            spec
            for document in self.read(file.path)
            for spec in objects_of(document)
            if "apiVersion" in spec
        ]

    def _is_spare(self, path: str) -> bool:
        """Whether it is a patch, by its name, that the kustomization beside it does not use."""
        folder, _, name = path.rpartition("/")
        return folder in self.kustomizer.all and _PATCH.search(name) is not None

    def _patches(self, found: list[ManifestSet]) -> None:
        """Patches that were laid over nothing are read on their own: what they write may count."""
        files = {file.path: file for file in self.files}
        named = self.kustomizer.named()
        used = {path for one in self.kustomizer.all.values() for path in one.files}
        for path, contents in self.documents.items():
            file = files.get(path)
            for document in contents if file is not None else ():
                for spec in objects_of(document):
                    patch = "apiVersion" not in spec or path in named and path not in used
                    if patch and file is not None and id(document) not in self.kustomizer.applied:
                        manifest = _manifest(Applied(spec, path, file.role))
                        manifest.is_patch = True
                        found.append(_set(path, [manifest]))


def _has_template(text: str) -> bool:
    """Whether a value, or a line, begins like an expression of a template."""
    for braces in ("{{", "{%"):
        position = text.find(braces)
        while position >= 0:
            if _TEMPLATE.match(text, text.rfind("\n", 0, position) + 1):
                return True
            end = text.find("\n", position)
            position = text.find(braces, end) if end >= 0 else -1
    return False


def _without_schemas(text: str) -> str:
    """The text without the bodies of definitions of new kinds, which are long and never judged.

    Lines stay where they are.
    """
    if "CustomResourceDefinition" not in text:
        return text
    parts = _DOCUMENT.split(text)
    for index, part in enumerate(parts):
        if _DEFINITION.search(part):
            parts[index] = _SPEC.sub(lambda found: "\n" * found[0].count("\n"), part)
    return "".join(parts)


_DOCUMENT = expression(r"(?m)^(?=---)")
_DEFINITION = expression(r"(?m)^kind:[ \t]*CustomResourceDefinition[ \t]*$")
_SPEC = expression(r"(?ms)^spec:.*?(?=^[A-Za-z-]|\Z)")


def _is_strange(found: list[Any]) -> bool:
    """Whether braces of a template were taken for mappings."""
    waiting, seen = list(found), set(map(id, found))
    while waiting:
        one = waiting.pop()
        if isinstance(one, Map) and one.is_strange:
            return True
        for value in one.values() if isinstance(one, Map) else one if isinstance(one, Seq) else ():
            if isinstance(value, (Map, Seq)) and id(value) not in seen:
                seen.add(id(value))
                waiting.append(value)
    return False


class _Roles:
    """The roles of loose files; words of cluster tools count only where there is something else."""

    def __init__(self, files: Iterable[File]) -> None:
        self._others = any(
            file.role == "production" and not _DEVELOPMENT.search(file.path.lower())
            for file in files
        )

    def of(self, file: File) -> Role:
        if file.role == "production" and self._others and _DEVELOPMENT.search(file.path.lower()):
            return "development"
        return file.role


def _superseded(files: Iterable[File]) -> list[File]:
    """Those in the folder of a release, where there is one of a newer release beside it."""
    newest: dict[str, tuple[int, ...]] = {}
    for file in files:
        for above, release in _releases(file.path):
            newest[above] = max(release, newest.get(above, ()))
    return [
        file
        for file in files
        if any(release < newest[above] for above, release in _releases(file.path))
    ]


def _releases(path: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The folders of a path that are called like releases: what they lie in, and which."""
    for found in _RELEASE.finditer(path):
        yield path[: found.start()], tuple(map(int, found[1].split(".")))


def _manifest(item: Applied, *, development: bool = False) -> Manifest:
    role: Role = "development" if development and item.role == "production" else item.role
    manifest = Manifest(item.spec, item.path, role)
    manifest.is_partial, manifest.is_generated = item.is_partial, item.is_generated
    return manifest


def _set(name: str, manifests: list[Manifest], role: Role | None = None) -> ManifestSet:
    found = ManifestSet(name, role or _common(manifests), manifests)
    for manifest in manifests:
        manifest.set = found
        template = manifest.template
        if template is not None:
            workload = Workload(manifest, template, found)
            workload.replicas = _replicas(manifest)
            (found.patches if manifest.is_patch else found.workloads).append(workload)
    for service in found.services:
        for workload in found.selected(service):
            workload.services.append(service)
    return found


def _top(folder: str, folders: Container[str], owned: Container[str]) -> str:
    """The topmost folder above that holds such files, below any that a kustomization owns."""
    top = current = folder
    while current and current not in owned:
        current = current.rpartition("/")[0]
        if current and current in folders and current not in owned:
            top = current
    return top


def _identity(manifest: Manifest) -> tuple[str, str, str]:
    return manifest.kind, manifest.name, manifest.namespace


def _alternatives(
    top: str, folders: dict[str, list[Manifest]]
) -> Iterator[tuple[str, list[Manifest]]]:
    """The objects of some folders as one set, or as several where one object occurs twice.

    Objects of one name are never applied together, so folders that repeat names are alternatives:
    each of them with what lies above it.
    """
    everything = [manifest for name in sorted(folders) for manifest in folders[name]]
    if not _repeats(everything) or len(folders) * len(everything) > _MAX_OBJECTS:
        yield from _by_role(top, everything)
        return
    for name, own in sorted(folders.items()):
        taken = {_identity(manifest) for manifest in own}
        below = [other for other in folders if _is_below(other, name)]
        if below and not any(_identity(m) in taken for other in below for m in folders[other]):
            continue
        above = [
            Manifest(one.spec, one.path, one.role)
            for other in folders
            if _is_below(name, other)
            for one in folders[other]
            if _identity(one) not in taken
        ]
        yield from _by_role(name, [*own, *above])


def _is_below(folder: str, other: str) -> bool:
    return folder != other and (not other or folder.startswith(f"{other}/"))


def _repeats(manifests: list[Manifest]) -> bool:
    named = [_identity(manifest) for manifest in manifests if manifest.name]
    return len(set(named)) < len(named)


def _by_role(name: str, manifests: list[Manifest]) -> Iterator[tuple[str, list[Manifest]]]:
    """Files for development beside those for production, where both have objects of one name."""
    production = [manifest for manifest in manifests if manifest.role == "production"]
    others = [manifest for manifest in manifests if manifest.role != "production"]
    if production and others and _repeats(manifests):
        yield name, production
        yield f"{name} ({others[0].role})", others
    else:
        yield name, manifests


def _common(manifests: list[Manifest]) -> Role:
    roles = [manifest.role for manifest in manifests]
    return "production" if "production" in roles else roles[0]


def _replicas(manifest: Manifest) -> Span:
    if manifest.kind == "DaemonSet" or manifest.group == "serving.knative.dev":
        return Span(None, None, manifest.at())
    found = manifest.spec.dig("spec", "replicas")
    if found is None or manifest.kind == "Pod":
        partial = manifest.is_partial or manifest.is_patch
        return Span(None, None, manifest.at()) if partial else Span(1, 1, manifest.at())
    number = found if isinstance(found, int) and not isinstance(found, bool) else None
    return Span(number, number, manifest.spec.at("spec", "replicas"))


def _scale(found: Iterable[ManifestSet]) -> None:
    """What scalers allow; one of another set only takes away what was certain."""
    inside: dict[tuple[int, str, str], tuple[Manifest, Span]] = {}
    for one in found:
        for manifest in one.manifests:
            bounds = None if manifest.is_patch else _bounds(manifest)
            if bounds is not None:
                kind = manifest.spec.text("spec", "scaleTargetRef", "kind") or "Deployment"
                name = manifest.spec.text("spec", "scaleTargetRef", "name")
                inside[id(one), kind, name] = manifest, bounds
    anywhere = {key[1:] for key in inside}
    for one in found if inside else ():
        for workload in one.workloads:
            own = inside.get((id(one), workload.kind, workload.name))
            if own is not None:
                workload.scaler, workload.replicas = own
            elif (workload.kind, workload.name) in anywhere:
                workload.replicas = Span(None, None, workload.replicas.location)


def _bounds(manifest: Manifest) -> Span | None:
    """What a scaler allows; None for any other object."""
    spec = manifest.spec
    if manifest.kind == "HorizontalPodAutoscaler":
        low, high = spec.dig("spec", "minReplicas"), spec.dig("spec", "maxReplicas")
    elif manifest.kind == "ScaledObject":
        low, high = spec.dig("spec", "minReplicaCount"), spec.dig("spec", "maxReplicaCount")
        high = 100 if high is None else high
    else:
        return None
    least = low if isinstance(low, int) else 0 if manifest.kind == "ScaledObject" else 1
    return Span(least, high if isinstance(high, int) else None, manifest.at())
