"""Which files are manifests, what is applied together, and what the sets say of their workloads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from flask_preflight.artifacts.build_files import joined
from flask_preflight.artifacts.kubernetes import Manifest, ManifestSet, Workload
from flask_preflight.artifacts.yaml import Map, Seq, documents
from flask_preflight.facts import Span
from flask_preflight.run import File, Role, Tree

_TEMPLATE = re.compile(r"\{\{[-\s]*(?:\.|\$|include|template|if|range|with|end|define|toYaml)")
_DEVELOPMENT = re.compile(
    r"(?:^|[-_./])(?:dev|develop|development|local|minikube|kind|k3d|tilt|sandbox|ci|e2e|preview)"
    r"(?:[-_./]|\Z)"
)
_TOOLS = re.compile(
    r"skaffold/|kind\.x-k8s\.io|kustomize\.config\.k8s\.io|\.config\.k8s\.io|helm\."
)
_KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_OPENERS = frozenset(("HelmRelease", "HelmChart", "Application", "ApplicationSet"))


class Kustomization(NamedTuple):
    """A kustomization with the files and folders that it names, relative to the root."""

    folder: str
    path: str
    spec: Map
    files: tuple[str, ...]
    folders: tuple[str, ...]
    patches: tuple[str, ...]
    is_open: bool


def sets(tree: Tree) -> Iterator[ManifestSet]:
    """The sets of the repository, in the order of their names."""
    yield from _Reader(tree).sets()


class _Reader:
    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.manifests: dict[str, list[Manifest]] = {}
        self.kustomizations: dict[str, Kustomization] = {}
        self.is_open = any(True for _ in tree.of("iac"))

    def sets(self) -> list[ManifestSet]:
        for file in self.tree.of("kubernetes"):
            self._read(file)
        self._mark()
        found = [*self._leaves(), *self._plain()]
        cluster = str(self.tree.settings.get("kubernetes-version") or "")
        for one in found:
            one.all_sets, one.cluster = found, cluster
            one.closed = bool(one.workloads) and not self.is_open and one.closed
        self._scale(found)
        return sorted(found, key=lambda one: one.name)

    def _read(self, file: File) -> None:
        text = self.tree.text(file.path)
        if text is None:
            return
        if file.path.rpartition("/")[2] in _KUSTOMIZATIONS:
            self._kustomization(file, text)
        elif self._is_template(file, text):
            self.is_open = True
            self.tree.skipped(file.path, "Helm template")
        elif file.path.rpartition("/")[2] not in ("Chart.yaml", "skaffold.yaml"):
            self._documents(file, text)

    def _is_template(self, file: File, text: str) -> bool:
        folders = file.path.split("/")[:-1]
        for index, folder in enumerate(folders):
            if folder == "templates":
                chart = "/".join([*folders[:index], "Chart.yaml"])
                if self.tree.file(chart) is not None:
                    return True
        return "{{" in text and _TEMPLATE.search(text) is not None

    def _kustomization(self, file: File, text: str) -> None:
        found, _ = documents(file.path, text, self.tree)
        spec = found[0] if found and isinstance(found[0], Map) else None
        if spec is None:
            return
        folder = file.path.rpartition("/")[0]
        files, folders, opened = [], [], False
        for key in ("resources", "bases", "components"):
            for item in spec.items_of(key):
                path = joined(folder, str(item))
                if path is not None and self.tree.file(path):
                    files.append(path)
                elif path is not None and self.tree.is_folder(path):
                    folders.append(path)
                else:
                    opened = True
        opened = opened or any(key in spec for key in ("helmCharts", "generators", "transformers"))
        self.kustomizations[folder] = Kustomization(
            folder, file.path, spec, tuple(files), tuple(folders), _patches(spec, folder), opened
        )

    def _documents(self, file: File, text: str) -> None:
        found, _ = documents(file.path, text, self.tree)
        role = _role(file)
        for document in found:
            for item in _objects(document):
                manifest = Manifest(item, file.path, role)
                manifest.is_patch = not manifest.api_version
                self.manifests.setdefault(file.path, []).append(manifest)
                self.is_open = self.is_open or manifest.kind in _OPENERS
            if isinstance(document, Seq) and any(
                isinstance(i, Map) and "op" in i for i in document
            ):
                self.manifests.setdefault(file.path, [])

    def _mark(self) -> None:
        """Tell patches and bases from what is applied as it stands."""
        for one in self.kustomizations.values():
            for path in one.patches:
                for manifest in self.manifests.get(path, ()):
                    manifest.is_patch = True

    # Sets

    def _leaves(self) -> Iterator[ManifestSet]:
        """The closure of each kustomization that no other one uses."""
        used = {folder for one in self.kustomizations.values() for folder in one.folders}
        for folder, one in sorted(self.kustomizations.items()):
            if folder in used:
                continue
            layers = list(self._closure(one))
            manifests = [
                manifest
                for layer in layers
                for path in layer.files
                for manifest in self.manifests.get(path, ())
                if not manifest.is_patch
            ]
            if manifests:
                yield self._set(folder, manifests, layers)

    def _closure(self, start: Kustomization) -> Iterator[Kustomization]:
        waiting, seen = [start], {start.folder}
        while waiting:
            one = waiting.pop(0)
            yield one
            for folder in one.folders:
                other = self.kustomizations.get(folder)
                if other is not None and folder not in seen:
                    seen.add(folder)
                    waiting.append(other)

    def _plain(self) -> Iterator[ManifestSet]:
        """Files that no kustomization names, by the topmost folder of such files."""
        named = {path for one in self.kustomizations.values() for path in one.files}
        loose = [path for path in self.manifests if path not in named]
        folders = {path.rpartition("/")[0] for path in loose}
        groups: dict[str, list[Manifest]] = {}
        for path in sorted(loose):
            top = _top(path.rpartition("/")[0], folders)
            groups.setdefault(top, []).extend(self.manifests[path])
        for folder, manifests in sorted(groups.items()):
            whole = [manifest for manifest in manifests if not manifest.is_patch]
            if whole:
                yield self._set(folder, whole, [])
            for manifest in manifests:
                if manifest.is_patch:
                    yield ManifestSet(manifest.path, manifest.role, [manifest])

    def _set(
        self, name: str, manifests: list[Manifest], layers: list[Kustomization]
    ) -> ManifestSet:
        development = _DEVELOPMENT.search(name.lower()) is not None
        role: Role = "development" if development else _common(manifests)
        found = ManifestSet(name, role, manifests)
        found.closed = not any(layer.is_open for layer in layers)
        patched = set(_patched(layers, self.manifests))
        for manifest in manifests:
            manifest.set = found
            template = manifest.template
            if template is not None:
                workload = Workload(manifest, template, found)
                workload.replicas = _replicas(manifest)
                workload.is_patched = bool({("", ""), (manifest.kind, manifest.name)} & patched)
                found.workloads.append(workload)
        for service in found.services:
            for workload in found.selected(service):
                workload.services.append(service)
        return found

    def _scale(self, found: Iterable[ManifestSet]) -> None:
        for one in found:
            for manifest in one.manifests:
                bounds = _bounds(manifest)
                if bounds is None:
                    continue
                kind = manifest.spec.text("spec", "scaleTargetRef", "kind") or "Deployment"
                name = manifest.spec.text("spec", "scaleTargetRef", "name")
                for workload in one.workloads:
                    if (workload.kind, workload.name) == (kind, name):
                        workload.replicas = bounds


def _role(file: File) -> Role:
    if file.role == "production" and _DEVELOPMENT.search(file.path.lower()):
        return "development"
    return file.role


def _objects(document: Any) -> Iterator[Map]:
    """The objects of a document; lists of objects are taken apart."""
    if not isinstance(document, Map):
        return
    kind = document.text("kind")
    if not kind or _TOOLS.search(document.text("apiVersion")):
        return
    if "apiVersion" not in document and "metadata" not in document:
        return
    items = document.dig("items")
    if kind.endswith("List") and isinstance(items, Seq):
        for item in items:
            if isinstance(item, Map):
                yield from _objects(item)
        return
    yield document


def _patches(spec: Map, folder: str) -> tuple[str, ...]:
    found = [str(item) for item in spec.items_of("patchesStrategicMerge")]
    for key in ("patches", "patchesJson6902"):
        found += [item.text("path") for item in spec.maps(key) if item.text("path")]
    paths = (joined(folder, one) for one in found if "\n" not in one)
    return tuple(path for path in paths if path is not None)


def _patched(
    layers: list[Kustomization], manifests: dict[str, list[Manifest]]
) -> Iterator[tuple[str, str]]:
    """The kind and name of each object that a patch changes; two empty texts for all."""
    for layer in layers:
        for path in layer.patches:
            yield from ((one.kind, one.name) for one in manifests.get(path, ()))
        for key in ("patches", "patchesJson6902"):
            for item in layer.spec.maps(key):
                target = item.map("target")
                if target:
                    yield target.text("kind"), target.text("name")
                elif not item.text("path"):
                    yield "", ""
        if any(not isinstance(i, Map) and "\n" in str(i) for i in layer.spec.items_of("patches")):
            yield "", ""


def _top(folder: str, folders: set[str]) -> str:
    """The topmost folder above that holds such files without a gap of more than one level."""
    top = current = folder
    while current:
        current = current.rpartition("/")[0]
        if current and current in folders:
            top = current
    return top


def _common(manifests: list[Manifest]) -> Role:
    roles = [manifest.role for manifest in manifests]
    return "production" if "production" in roles else roles[0]


def _replicas(manifest: Manifest) -> Span:
    if manifest.kind == "DaemonSet" or manifest.group == "serving.knative.dev":
        return Span(None, None, manifest.at())
    found = manifest.spec.dig("spec", "replicas")
    if found is None or manifest.kind == "Pod":
        return Span(1, 1, manifest.at())
    number = found if isinstance(found, int) else None
    return Span(number, number, manifest.spec.at("spec", "replicas"))


def _bounds(manifest: Manifest) -> Span | None:
    """What a scaler allows; None for any other object."""
    spec = manifest.spec
    if manifest.kind == "HorizontalPodAutoscaler":
        low, high = spec.dig("spec", "minReplicas"), spec.dig("spec", "maxReplicas")
    elif manifest.kind == "ScaledObject":
        low, high = spec.dig("spec", "minReplicaCount"), spec.dig("spec", "maxReplicaCount")
    else:
        return None
    least = low if isinstance(low, int) else 1
    return Span(least, high if isinstance(high, int) else None, manifest.at())
