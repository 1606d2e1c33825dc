"""The images: one for each stage that is built in a context, and who means it by which name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from flask_preflight.artifacts.compose import Project, Service
from flask_preflight.artifacts.dockerfile import Dockerfile, Instruction, Stage, parts, read
from flask_preflight.artifacts.dockerfile_base import reference as split_reference
from flask_preflight.artifacts.dockerfile_copies import Copies
from flask_preflight.artifacts.image import Image
from flask_preflight.artifacts.image_packages import Packages
from flask_preflight.artifacts.kubernetes import ManifestSet, Workload
from flask_preflight.artifacts.requirements import Requirement, unit_of
from flask_preflight.facts import Build, Deployment, World
from flask_preflight.lazy import expression
from flask_preflight.run import Tree

Triple = tuple[str, int, str | None]


class Linked(NamedTuple):
    """A build with the image that it makes; None where no single stage is known."""

    build: Build
    image: Image | None


class ImageIndex:
    """Every image by Dockerfile, number of the stage and context, and every build with its image.

    `prefixes` are the registries that a build tool puts in front of bare names.
    """

    def __init__(self) -> None:
        self.image_of: dict[Triple, Image] = {}
        self.linked: list[Linked] = []
        self.prefixes: frozenset[str] = frozenset()


def link(tree: Tree, deployment: Deployment) -> None:
    """Make the images of all builds, and one for each Dockerfile that nothing ships."""
    _Images(tree, deployment).run()


def index_of(deployment: Deployment) -> ImageIndex:
    """The images of a deployment; none before they are linked."""
    return next(iter(deployment[ImageIndex]), ImageIndex())


def image_for(deployment: Deployment, build: Build) -> Image | None:
    """The image that a build makes; None where that is not known."""
    for one in index_of(deployment).linked:
        if one.build.location == build.location and one.build == build:
            return one.image
    return None


class _Images:
    def __init__(self, tree: Tree, deployment: Deployment) -> None:
        self.tree = tree
        self.deployment = deployment
        self.index = ImageIndex()
        self.copies: dict[tuple[str, str | None], Copies] = {}
        self.dockerfiles = {one.path: one for one in deployment[Dockerfile]}

    def run(self) -> None:
        deployment = self.deployment
        for build in deployment[Build]:
            self.index.linked.append(Linked(build, self._built(build)))
        self.index.prefixes = frozenset(_prefixes(self.tree))
        for service in deployment[Service]:
            self._contexts(service)
        for dockerfile in list(self.dockerfiles.values()):
            self._refine(dockerfile)
            self._unbuilt(dockerfile)
        for image in self.index.image_of.values():
            if image.role == "production":
                _mark(image)
        packages, requirements = Packages(deployment), deployment[Requirement]
        cluster = any(one.role == "production" for one in deployment[Workload])
        for image in self.index.image_of.values():
            image.cluster = cluster
            image.stages = tuple(dict.fromkeys((*image.stage.chain, *feeding(image.stage))))
            image.requirements = unit_of(requirements, image.copies.repository_path("Dockerfile"))
            if image.stage.facts.environment is not None:
                image.packages = packages.installed(image.stages, image.copies)
            deployment.add(image)
        deployment.add(self.index)

    def _contexts(self, service: Service) -> None:
        """Remember the further contexts that a service gives to the build of its Dockerfile."""
        path = service.build.dockerfile if service.build is not None else None
        if path in self.dockerfiles:
            given = service.spec.dig("build", "additional_contexts")
            names = (str(one).partition("=")[0] for one in given or ())
            self.dockerfiles[path].contexts.update(names)

    def _dockerfile(self, path: str) -> Dockerfile | None:
        """A file that a build names is a Dockerfile, whatever it is called."""
        if path not in self.dockerfiles:
            file = self.tree.file(path)
            known = file is not None and "dockerfile" in file.kinds
            found = None if file is None or known else read(self.tree, file.path)
            if found is None:
                return None
            self.dockerfiles[path] = found
            for part in parts(found):
                self.deployment.add(part)
        return self.dockerfiles[path]

    def _built(self, build: Build) -> Image | None:
        if build.dockerfile is None or build.target is None:
            return None
        dockerfile = self._dockerfile(build.dockerfile)
        if dockerfile is None:
            if self.tree.file(build.dockerfile) is None:
                self.tree.unresolved(build.location, f"{build.dockerfile} does not exist")
            return None
        stage = dockerfile.stage(build.target) if build.target else dockerfile.effective
        if stage is None:
            reason = f"{dockerfile.path} has no stage {build.target}"
            self.tree.unresolved(build.location, reason)
            return None
        return self._image(dockerfile, stage, build.context, build)

    def _image(
        self, dockerfile: Dockerfile, stage: Stage, context: str | None, build: Build | None
    ) -> Image:
        triple = (dockerfile.path, stage.number, context)
        image = self.index.image_of.get(triple)
        if image is None:
            where = (dockerfile.path, context)
            if where not in self.copies:
                self.copies[where] = Copies(self.tree, dockerfile, context)
            image = Image(dockerfile, stage, context, build, self.copies[where])
            self.index.image_of[triple] = image
        elif build is not None:
            image.builds.append(build)
        return image

    def _refine(self, dockerfile: Dockerfile) -> None:
        """A plain Dockerfile beside one for production is for development, unless it is shipped."""
        folder, _, name = dockerfile.path.rpartition("/")
        if dockerfile.role != "production" or name.lower() not in ("dockerfile", "containerfile"):
            return
        sibling = any(
            path.rpartition("/")[0] == folder and _SHIPPED.search(path.rpartition("/")[2])
            for path in self.dockerfiles
            if path != dockerfile.path
        )
        builds = (one.build for one in self.index.linked)
        if sibling and not any(
            build.dockerfile == dockerfile.path and build.role == "production" for build in builds
        ):
            dockerfile.role = "development"

    def _unbuilt(self, dockerfile: Dockerfile) -> None:
        """Something ships the effective stage, even if only other stages are built here."""
        stage = dockerfile.effective
        if stage is None:
            return
        images = [one for one in self.index.image_of.values() if one.dockerfile is dockerfile]
        if any(image.role == dockerfile.role for image in images):
            return
        contexts = {image.context for image in images}
        context = contexts.pop() if len(contexts) == 1 else self._context(dockerfile, stage)
        self._image(dockerfile, stage, context, None)

    def _context(self, dockerfile: Dockerfile, stage: Stage) -> str:
        """The folder of the file, or the root when what is copied exists only there."""
        folder = dockerfile.path.rpartition("/")[0]
        sources = list(_sources(dockerfile))
        if folder and sources and not self._all(sources, folder) and self._all(sources, ""):
            return ""
        return folder

    def _all(self, sources: Iterable[str], folder: str) -> bool:
        paths = (f"{folder}/{source}".strip("/") for source in sources)
        return all(self.tree.file(path) or self.tree.is_folder(path) for path in paths)


_SHIPPED = expression(r"(?:^|[._-])(?:prod|production|release)(?:[._-]|\Z)", re.I)


def _sources(dockerfile: Dockerfile) -> Iterator[str]:
    """What is copied from the context by a plain name."""
    for instruction in dockerfile.instructions:
        if instruction.name in ("COPY", "ADD") and instruction.flag("from") is None:
            for word in instruction.words[:-1]:
                value = word.value or ""
                path = value.strip("/").removeprefix("./").strip("/")
                if path not in ("", ".") and not re.search(r"[*?\[<]|://|\.\.", path):
                    yield path


def copied_stages(stage: Stage) -> Iterator[Stage]:
    """The other stages from which the chain of a stage copies or mounts."""
    for instruction in stage.all("COPY", "ADD", "RUN"):
        for name in _origins(instruction):
            found = stage.dockerfile.stage(name)
            if found is not None and found.number < stage.number:
                yield found


def _origins(instruction: Instruction) -> Iterator[str]:
    for flag in instruction.flags:
        if flag.name == "from":
            yield flag.value
        elif flag.name == "mount":
            found = re.search(r"(?:^|,)from=([^,]+)", flag.value)
            if found:
                yield found[1]


def feeding(stage: Stage) -> Iterator[Stage]:
    """Every stage from which something may get into the image of this one."""
    waiting, seen = [stage], {stage}
    while waiting:
        for other in copied_stages(waiting.pop()):
            for one in other.chain:
                if one not in seen:
                    seen.add(one)
                    waiting.append(one)
                    yield one


def _mark(image: Image) -> None:
    """Say which stages the image consists of and which it copies from."""
    for stage in image.stage.chain:
        stage.shipped = True
    for stage in feeding(image.stage):
        stage.feeds = True


_DEFAULT_REPOSITORY = expression(r"default-repo(?:sitory)?[=: \t]+[\"']?([\w.-]+(?:/[\w.-]+)+)")


def _prefixes(tree: Tree) -> Iterator[str]:
    """The registries that Skaffold is told to use, wherever that is written."""
    for file in tree.files:
        if {"script", "ci"} & set(file.kinds):
            text = tree.text(file.path) or ""
            if "default-repo" in text:
                for found in _DEFAULT_REPOSITORY.finditer(text):
                    yield split_reference(found[1]).repository


# References


class _Name(NamedTuple):
    """A reference without tag and digest; `open`: a variable stands for its registry."""

    name: str
    open: bool
    known: bool


def _name(text: str) -> _Name:
    text = re.sub(r"\$\{\w+:?-([^${}]*)\}", r"\1", text.strip())
    text, opened = re.subn(r"^(?:\$\{\{[^}]*\}\}|\$\{\w+\}|\$\w*|\$\(\w+\))/", "", text)
    # A tag or digest may be a variable, and a colon may stand inside of its braces.
    text = re.sub(r"[:@](?:\$\{.*|\$.*)\Z", "", text)
    name = split_reference(text).repository
    return _Name(name, bool(opened), bool(name) and "$" not in name)


Fits = Callable[[_Name, _Name, Build], bool]


def by_reference(deployment: Deployment, reference: str, world: World | None) -> Image | None:
    """The image of this repository that a reference means, by the names that builds give.

    None where none is meant, or where two are and none of them alone is pushed.
    """
    index, wanted = index_of(deployment), _name(reference)
    if not wanted.known:
        return None
    named = [
        (one, name)
        for one in index.linked
        if one.image is not None
        for name in map(_name, one.build.names)
        if name.known
    ]
    for fits in (_equal, _open, _bare(index, world)):
        found = [one for one, name in named if fits(wanted, name, one.build)]
        if found:
            return _only(found)
    return _twin(deployment, index, reference, world)


def _twin(
    deployment: Deployment, index: ImageIndex, reference: str, world: World | None
) -> Image | None:
    """What a service of the same name in another file of the directory builds."""
    project = world.part if world is not None else None
    if not isinstance(project, Project):
        return None
    beside = [
        one
        for one in deployment[Project]
        if one is not project and one.directory == project.directory
    ]
    if not beside:
        return None
    names = {one.name for one in project.services.values() if one.image == reference}
    found: dict[int, Image] = {}
    for service in (one.services[name] for one in beside for name in names & one.services.keys()):
        if service.build is not None:
            image = image_for(deployment, service.build)
            if image is None:
                return None
            shipped = _shipped(index, image)
            found[id(shipped)] = shipped
    return next(iter(found.values())) if len(found) == 1 else None


def _shipped(index: ImageIndex, image: Image) -> Image:
    """The image that is deployed where one for development is built beside it."""
    if image.role == "production":
        return image
    others = [
        one
        for one in index.image_of.values()
        if one.dockerfile is image.dockerfile
        and one.context == image.context
        and one.role == "production"
    ]
    return others[0] if len(others) == 1 else image


def _equal(wanted: _Name, name: _Name, build: Build) -> bool:
    return wanted.name == name.name and not wanted.open and not name.open


def _open(wanted: _Name, name: _Name, build: Build) -> bool:
    """Equal but for a registry that a variable stands for."""
    if not (wanted.open or name.open):
        return False
    short, long = sorted((wanted.name, name.name), key=len)
    if wanted.open and name.open:
        return short == long
    opened = wanted if wanted.open else name
    return short == long or opened.name == short and long.endswith("/" + short)


def _bare(index: ImageIndex, world: World | None) -> Fits:
    """The bare name of a build tool, behind the registry that it or its release puts in front."""
    bare = {
        name
        for one in index.linked
        if one.build.carrier == "skaffold" or one.build.location.path.endswith("Tiltfile")
        for name in one.build.names
        if "/" not in name
    }
    prefixes = index.prefixes | _released(bare, world)

    def fits(wanted: _Name, name: _Name, build: Build) -> bool:
        prefix, _, last = wanted.name.rpartition("/")
        return last == name.name and last in bare and prefix in prefixes

    return fits


def _released(bare: set[str], world: World | None) -> set[str]:
    """Registries before several references of a world, all of which end in such bare names."""
    ends: dict[str, set[str]] = {}
    for text in _references(world) if bare else ():
        prefix, _, last = _name(text).name.rpartition("/")
        ends.setdefault(prefix, set()).add(last)
    return {prefix for prefix, names in ends.items() if len(names) > 1 and names <= bare}


def _references(world: World | None) -> Iterator[str]:
    part = world.part if world is not None else None
    if isinstance(part, Project):
        yield from (service.image for service in part.services.values())
    elif isinstance(part, ManifestSet):
        for workload in part.workloads:
            yield from (container.image for container in workload.containers)


def _only(found: list[Linked]) -> Image | None:
    """The one image that is meant; a build that pushes comes before others."""
    for choice in (found, [one for one in found if one.build.pushed]):
        images = {id(one.image): one.image for one in choice}
        if len(images) == 1:
            return choice[0].image
    return None
