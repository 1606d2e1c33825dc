"""How Compose files become projects: which of them are started together, and what that makes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from flask_preflight.artifacts import env
from flask_preflight.artifacts.build_files import joined
from flask_preflight.artifacts.compose import Project, SecretFile, Service
from flask_preflight.artifacts.compose_commands import Started, started
from flask_preflight.artifacts.compose_files import Files, Loaded, Loader, repeated
from flask_preflight.artifacts.compose_merge import as_map, merge, settled
from flask_preflight.artifacts.compose_roles import (
    Kind,
    for_production,
    for_swarm,
    kind_of,
    role_of,
)
from flask_preflight.artifacts.interpolation import Filled
from flask_preflight.artifacts.secret import classify, secret_name
from flask_preflight.artifacts.yaml import Map, Seq
from flask_preflight.facts import Build, Environment, Variable
from flask_preflight.result import Location
from flask_preflight.run import File, Role, Tree

_DEFAULT_NAMES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
_MAX_SERVICES = 5_000
_MAX_PROJECTS = 50
"""Of one folder; more combinations of its files than that are not looked at."""
_COMPLETE = ("image", "build", "provider")
_KEYS = frozenset(
    "image build provider extends environment env_file ports expose command entrypoint deploy "
    "volumes restart depends_on healthcheck logging networks network_mode container_name profiles "
    "user mem_limit cpus scale labels secrets configs read_only privileged cap_add extra_hosts "
    "stop_grace_period".split()
)


class ComposeFile(NamedTuple):
    """One file with its role, the reason for it, and what its services lack when it is alone."""

    path: str
    role: Role
    why: str
    kind: Kind
    loaded: Loaded
    lacks: frozenset[str]

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0]

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2].lower()

    @property
    def services(self) -> frozenset[str]:
        return frozenset(self.loaded.spec.map("services"))

    @property
    def is_override(self) -> bool:
        """Whether Compose takes it together with the base without being told to."""
        return self.name in _OVERRIDES


_OVERRIDES = frozenset(name.replace(".y", ".override.y") for name in _DEFAULT_NAMES)


class Plan(NamedTuple):
    """Files that are started together, base first."""

    layers: tuple[ComposeFile, ...]
    role: Role
    kind: Kind
    is_stack: bool = False


def projects(tree: Tree) -> Iterator[Project]:
    """The projects of the repository, folder by folder."""
    files = Files(tree)
    loaders: dict[str, Loader] = {}
    known: dict[str, ComposeFile] = {}
    for file in tree.of("compose"):
        folder = file.path.rpartition("/")[0]
        loader = loaders.setdefault(folder, Loader(files, folder))
        found = _read(loader, file)
        if found is not None:
            known[file.path] = found
    commands = started(tree, known) if known else []
    plans = list(_plans(known, commands))
    alone = _alone(known, plans)
    counted: dict[str, int] = {}
    for plan in plans:
        folder = plan.layers[0].folder
        counted[folder] = counted.get(folder, 0) + 1
        if counted[folder] <= _MAX_PROJECTS:
            yield _Assembler(loaders[folder], plan).project(plan.layers[0].path in alone)
        elif counted[folder] == _MAX_PROJECTS + 1:
            tree.unread(plan.layers[-1].path, f"more than {_MAX_PROJECTS} projects in its folder")


def _alone(known: dict[str, ComposeFile], plans: list[Plan]) -> set[str]:
    """The files that Compose finds by itself, with no other that could complete them."""
    folders = Counter(file.folder for file in known.values())
    used = Counter(layer.path for plan in plans for layer in plan.layers)
    for file in known.values():
        used.update(file.loaded.included | file.loaded.extended)
    return {
        path
        for path, file in known.items()
        if file.name in _DEFAULT_NAMES and folders[file.folder] == 1 and used[path] == 1
    }


def _read(loader: Loader, file: File) -> ComposeFile | None:
    tree = loader.files.tree
    loaded = loader.load(file.path)
    text = tree.text(file.path)
    if loaded is None or text is None:
        return None
    services = loaded.spec.dig("services")
    if not isinstance(services, Map) or not _has_service(services):
        if not services and _is_first_version(loaded.spec):
            tree.skipped(file.path, "Compose file of version 1")
        return None
    if len(services) > _MAX_SERVICES:
        tree.unread(file.path, f"more than {_MAX_SERVICES} services")
        return None
    role, why = role_of(file, text, loaded.spec, lambda path: _text(tree, path))
    kind = kind_of(file.path, loaded.spec)
    return ComposeFile(file.path, role, why, kind, loaded, lacking(services))


def _text(tree: Tree, path: str) -> str | None:
    return tree.text(path) if tree.file(path) else None


def _has_service(services: Map) -> bool:
    return any(isinstance(one, Map) and not _KEYS.isdisjoint(one) for one in services.values())


def _is_first_version(spec: Map) -> bool:
    """Services at the top, which no Compose of today reads."""
    return any(isinstance(one, Map) and ("image" in one or "build" in one) for one in spec.values())


def lacking(services: Map) -> frozenset[str]:
    """The services without an image, and those that others refer to and that are not there."""
    found: set[str] = set()
    for name, service in services.items():
        if not isinstance(service, Map) or not any(key in service for key in _COMPLETE):
            found.add(name)
        else:
            found.update(other for other, _ in _needed(service) if other not in services)
    return frozenset(found)


def _undefined(services: Map) -> Iterator[tuple[str, Location]]:
    """What refers to services that are not there, if only that is wrong."""
    if all(
        isinstance(one, Map) and any(key in one for key in _COMPLETE) for one in services.values()
    ):
        for service in services.values():
            yield from (found for found in _needed(service) if found[0] not in services)


def _needed(service: Map) -> Iterator[tuple[str, Location]]:
    """The services that one refers to, and where."""
    needed = service.dig("depends_on")
    for index, name in enumerate(needed if isinstance(needed, (Map, Seq)) else ()):
        key = name if isinstance(needed, Map) else index
        required = service.dig("depends_on", name, "required") if isinstance(needed, Map) else None
        if required is not False:
            yield str(name), service.at("depends_on", key)
    for index, link in enumerate(service.items_of("links")):
        yield str(link).partition(":")[0], service.at("links", index)
    mode, colon, name = service.text("network_mode").partition(":")
    if mode == "service" and colon:
        yield name, service.at("network_mode")
    for index, other in enumerate(service.items_of("volumes_from")):
        if not str(other).startswith("container:"):
            yield str(other).partition(":")[0], service.at("volumes_from", index)


# What is started together


def _plans(known: dict[str, ComposeFile], commands: list[Started]) -> Iterator[Plan]:
    """What commands name together first, then what can be told from names and contents."""
    named = _Named(commands)
    for paths in named.together:
        yield _plan(tuple(known[path] for path in paths), paths in named.stacks)
    taken = _taken(known)
    by_folder: dict[str, list[ComposeFile]] = {}
    for file in known.values():
        if file.path not in taken:
            by_folder.setdefault(file.folder, []).append(file)
    for files in by_folder.values():
        for layers in _layers(files, named):
            paths = tuple(file.path for file in layers)
            if paths not in named.together:
                yield _plan(layers, paths in named.stacks)


class _Named:
    """What commands say: files named together, alone, for Swarm, and laid over others."""

    def __init__(self, commands: list[Started]) -> None:
        names = dict.fromkeys(command.paths for command in commands)
        self.together = [paths for paths in names if len(paths) > 1]
        self.alone = {paths[0] for paths in names if len(paths) == 1}
        self.stacks = {command.paths for command in commands if command.stack}
        self.over = {path for paths in self.together for path in paths[1:]}
        self.finished = {
            paths[0] for paths in self.together if for_production(paths[-1]) or paths in self.stacks
        }


def _taken(known: dict[str, ComposeFile]) -> set[str]:
    """The files that are part of others for the same purpose, and so no projects themselves."""
    found = set()
    for file in known.values():
        extended = {p for p in file.loaded.extended if p.rpartition("/")[2] not in _DEFAULT_NAMES}
        for path in file.loaded.included | extended:
            if path in known and known[path].role == file.role and path != file.path:
                found.add(path)
    return found


def _layers(files: list[ComposeFile], named: _Named) -> Iterator[tuple[ComposeFile, ...]]:
    """Each file alone, or over the one that completes it."""
    base = next((file for name in _DEFAULT_NAMES for file in files if file.name == name), None)
    below = {
        file.path: None if file.path in named.alone else _base_of(file, base, files)
        for file in files
    }
    finished = named.finished | {
        under.path
        for file in files
        if (under := below[file.path]) is not None and for_production(file.path)
    }
    for file in files:
        under = below[file.path]
        if file.path in named.over:
            continue
        if under is not None:
            yield under, file
        elif not (file.role == "production" and file.path in finished):
            yield (file,)


def _base_of(
    file: ComposeFile, base: ComposeFile | None, files: list[ComposeFile]
) -> ComposeFile | None:
    """The file under this one, if it needs one."""
    if file is base or not (file.lacks or file.is_override):
        return None
    if base is not None:
        return base
    found = [one for one in files if one is not file and file.lacks <= one.services - one.lacks]
    return found[0] if len(found) == 1 else None


def _plan(layers: tuple[ComposeFile, ...], is_stack: bool) -> Plan:
    swarm = is_stack or any(layer.kind == "swarm" for layer in layers)
    named = is_stack or any(for_swarm(layer.path) for layer in layers)
    return Plan(layers, _role(layers, swarm), "swarm" if swarm else "compose", named)


def _role(layers: tuple[ComposeFile, ...], swarm: bool) -> Role:
    """What the files say that is laid over the others; production only where nothing objects."""
    last = layers[-1]
    if last.role != "production" or len(layers) == 1:
        return last.role
    if swarm or any(for_production(layer.path) for layer in layers):
        return "production"
    return next((layer.role for layer in layers if layer.role != "production"), "production")


# Projects


class _Assembler:
    """Makes one project of its files."""

    def __init__(self, loader: Loader, plan: Plan) -> None:
        self.loader = loader
        self.tree = loader.files.tree
        self.plan = plan
        self.folder = loader.folder

    def project(self, alone: bool) -> Project:
        """`alone`: no other file can complete what its only one lacks."""
        loaded = self._loaded()
        spec = loaded[0].spec
        for layer in loaded[1:]:
            spec = merge(spec, layer.spec)
        spec = settled(spec)
        last = self.plan.layers[-1]
        project = Project(last.path, self.folder, self.plan.role, self.plan.kind, spec)
        project.paths = tuple(layer.path for layer in self.plan.layers)
        project.why = last.why
        written = (self.loader.files.get(path) for path in project.paths)
        project.repeated = [key for file in written if file for key in repeated(file[0])]
        project.secret_files = list(self._secret_files(spec))
        for name, value in spec.map("services").items():
            if isinstance(value, Map):
                service = Service(name, project, value, self._environment(value))
                service.build = self._build(value)
                project.services[name] = service
        project.fragment = bool(lacking(spec.map("services")))
        missing = [where for layer in loaded for where in layer.missing]
        project.closed = not project.fragment and not missing
        project.says_swarm = self.plan.is_stack
        if alone and not missing and project.fragment:
            project.undefined = list(_undefined(spec.map("services")))
        return project

    def _secret_files(self, spec: Map) -> Iterator[SecretFile]:
        names = [("secrets", name) for name in spec.map("secrets")]
        names += (("configs", name) for name in spec.map("configs") if secret_name(name))
        for kind, name in names:
            path = joined(self.folder, spec.text(kind, name, "file") or "..")
            file = self.tree.file(path) if path else None
            if file is not None and file.size:
                text = self.tree.text(file.path)
                real = None if text is None else _is_secret(text)
                yield SecretFile(name, file, real, spec.at(kind, name, "file"))

    def _loaded(self) -> list[Loaded]:
        """The files as they are seen from the folder of the first."""
        found = []
        for layer in self.plan.layers:
            other = layer.loaded
            if layer.folder != self.folder:
                other = self.loader.load(layer.path) or other
            found.append(other)
        return found

    def _build(self, spec: Map) -> Build | None:
        build = spec.dig("build")
        if build is None:
            return None
        written = spec.text("build", "context") if isinstance(build, Map) else str(build)
        remote = re.search(r"\$|://|^git@", written) is not None
        context = None if remote else joined(self.folder, written or ".")
        dockerfile = spec.text("build", "dockerfile") or "Dockerfile"
        inline = spec.dig("build", "dockerfile_inline") is not None
        known = context is not None and "$" not in dockerfile and not inline
        target = spec.text("build", "target")
        arguments = as_map(spec.dig("build", "args"))
        pairs = arguments if isinstance(arguments, Map) else {}
        return Build(
            "compose",
            joined(context or "", dockerfile) if known else None,
            context,
            None if "$" in target else target,
            tuple(filter(None, [spec.text("image")])),
            {name: _value(value) for name, value in pairs.items()},
            spec.at("build", "target") if target else spec.at("build"),
            self.plan.role,
        )

    def _environment(self, spec: Map) -> Environment:
        found = Environment()
        for path, required, where in _env_files(spec):
            self._add_file(found, path, required, where)
        variables = as_map(spec.dig("environment"))
        if isinstance(variables, Map):
            found.variables += (self._variable(variables, name) for name in variables)
        return found

    def _variable(self, variables: Map, name: str) -> Variable:
        where, value = variables.at(name), variables.get(name)
        if value is None:  # Passed through from whoever starts the project.
            return Variable(name, self.loader.lookup(name), where, "compose")
        default = isinstance(value, Filled) and value.default
        known = _value(value) is not None
        text = variables.text(name) if known else None
        source = "interpolation" if isinstance(value, Filled) else "compose"
        return Variable(name, text, where, source, known and default, variables.text(name))

    def _add_file(self, found: Environment, path: str, required: bool, where: Location) -> None:
        place = None if "$" in path else joined(self.folder, path)
        text = self.tree.text(place) if place and self.tree.file(place) else None
        if place and text is not None:
            found.variables += env.parse(place, text)
            return
        found.open(where, f"{path} is not in the repository")
        for sample in _samples(place or ""):
            text = self.tree.text(sample) if place and self.tree.file(sample) else None
            for one in env.parse(sample, text) if text else ():
                found.variables.append(one._replace(value=None))


def _value(value: Any) -> str | None:
    """The text of a scalar; None where it is not known."""
    if value is None or isinstance(value, (Map, Seq)):
        return None
    return None if isinstance(value, Filled) and not value.known else str(value)


def _is_secret(text: str) -> bool:
    """Whether the text of a file is a secret itself, rather than a hint or something sealed."""
    verdict = classify(text, "pw")
    several = verdict == "identifier" and "\n" in text.strip()
    return not env.sealed(text) and (verdict in ("real", "weak") or several)


def _samples(path: str) -> Iterable[str]:
    """The files that show what a missing environment file holds."""
    folder, slash, name = path.rpartition("/")
    for suffix in (".example", ".sample", ".template", ".dist"):
        yield path + suffix
        yield f"{folder}{slash}{suffix[1:]}{name if name.startswith('.') else '.' + name}"


def _env_files(spec: Map) -> Iterable[tuple[str, bool, Location]]:
    found = spec.dig("env_file")
    if isinstance(found, Seq):
        for index, item in enumerate(found):
            where = spec.value_at("env_file", index)
            if isinstance(item, Map):
                yield item.text("path"), item.dig("required") is not False, where
            else:
                yield str(item), True, where
    elif found:
        yield str(found), True, spec.at("env_file")
