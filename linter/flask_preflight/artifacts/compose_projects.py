"""How Compose files become projects: roles, merges, `extends`, `include` and interpolation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from flask_preflight.artifacts import env
from flask_preflight.artifacts.build_files import joined
from flask_preflight.artifacts.compose import Kind, Project, Service
from flask_preflight.artifacts.compose_forms import for_developers, ports
from flask_preflight.artifacts.interpolation import Lookup, interpolate
from flask_preflight.artifacts.yaml import Map, Node, Seq, Tagged, documents
from flask_preflight.facts import Build, Environment, Variable
from flask_preflight.lazy import expression
from flask_preflight.limits import MAX_INCLUDE_DEPTH
from flask_preflight.result import Location
from flask_preflight.run import File, Role, Tree

_DEFAULT_NAMES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
_PRODUCTION = expression(r"(?:^|[._-])(?:prod|production|live|deploy|release|server)(?:[._-]|\Z)")
_SWARM_NAME = expression(r"stack|swarm")
_SWARM_KEYS = ("mode", "placement", "update_config", "rollback_config", "endpoint_mode")
_REPLACED = frozenset(("command", "entrypoint", "test"))
_BY_TARGET = frozenset(("ports", "volumes", "secrets", "configs"))
_AS_MAPS = frozenset(("environment", "labels", "args", "sysctls", "extra_hosts"))


class ComposeFile(NamedTuple):
    """One file with its role and the reason for it."""

    path: str
    role: Role
    why: str
    kind: Kind
    spec: Map
    is_complete: bool

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0]

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2].lower()

    @property
    def for_production(self) -> bool:
        return _PRODUCTION.search(re.sub(r"\.ya?ml\Z", "", self.name)) is not None


def projects(tree: Tree) -> Iterator[Project]:
    """The projects of the repository, folder by folder."""
    by_folder: dict[str, list[ComposeFile]] = {}
    for file in tree.of("compose"):
        found = _read(tree, file)
        if found is not None:
            by_folder.setdefault(found.folder, []).append(found)
    for files in by_folder.values():
        for layers, role in _combinations(files):
            yield _Assembler(tree, layers, role).project()


def _read(tree: Tree, file: File) -> ComposeFile | None:
    text = tree.text(file.path)
    if text is None:
        return None
    found, _ = documents(file.path, text, tree)
    spec = found[0] if found and isinstance(found[0], Map) else None
    if spec is None:
        return None
    services = spec.dig("services")
    if not isinstance(services, Map) or not _has_service(services):
        if not services and _is_first_version(spec):
            tree.skipped(file.path, "Compose file of version 1")
        return None
    spec = _extended(tree, file.path, spec, 0)
    complete = all(_is_complete(one) for one in spec.map("services").values())
    role, why = role_of(file, text, spec)
    return ComposeFile(file.path, role, why, _kind(file.path, spec), spec, complete)


def _has_service(services: Map) -> bool:
    keys = ("image", "build", "extends", "environment", "ports", "command", "deploy", "volumes")
    return any(isinstance(one, Map) and any(k in one for k in keys) for one in services.values())


def _is_first_version(spec: Map) -> bool:
    return any(isinstance(one, Map) and ("image" in one or "build" in one) for one in spec.values())


def _is_complete(service: Any) -> bool:
    return isinstance(service, Map) and ("image" in service or "build" in service)


def _kind(path: str, spec: Map) -> Kind:
    if _SWARM_NAME.search(path.rpartition("/")[2].lower()):
        return "swarm"
    for service in spec.map("services").values():
        if isinstance(service, Map) and any(key in service.map("deploy") for key in _SWARM_KEYS):
            return "swarm"
    return "compose"


def _combinations(files: list[ComposeFile]) -> Iterator[tuple[list[ComposeFile], Role]]:
    """What is started together: each file alone, or over the base file that completes it."""
    base = next((file for name in _DEFAULT_NAMES for file in files if file.name == name), None)
    production = [f for f in files if f.for_production and not f.is_complete and f is not base]
    for file in files:
        if file is base:
            if not (base.role == "production" and production):
                yield [file], file.role
        elif base is not None and not file.is_complete:
            role: Role = "production" if file.for_production else file.role
            yield [base, file], role
        else:
            yield [file], file.role


# Roles

_DEV_TARGETS = frozenset(("dev", "development", "debug"))
_DEV_COMMAND = expression(
    r"\bflask\b.*\brun\b|--reload\b|--debug\b|\brunserver\b|\bnodemon\b|\bdev_server\b"
    r"|\bnpm run dev\b|\byarn start\b|\bdebugpy\b|manage\.py run\b"
)
_DEV_IMAGES = expression(
    r"(?:^|/)(?:maildev|mailhog|mailpit|localstack|dynamodb-local|local-kms|[\w-]+-local"
    r"|[\w-]*saml-idp)(?::|\Z)"
)
_TEST_COMMAND = expression(r"\b(?:pytest|make test|tox)\b")
_HEADER = expression(
    r"(?i)\b(?:local )?development\b|\bnot (?:for|meant for) production|\blocal(?:ly)? (?:dev|use)"
)


def role_of(file: File, text: str, spec: Map) -> tuple[Role, str]:
    """The role by the path, else by what is in the file, with the reason."""
    if file.role != "production":
        return file.role, "its name says so"
    name = re.sub(r"\.ya?ml\Z", "", file.path.rpartition("/")[2].lower())
    if _PRODUCTION.search(name) or _SWARM_NAME.search(name):
        return "production", "its name says so"
    header = "\n".join(line for line in text.split("\n")[:15] if line.lstrip().startswith("#"))
    if _HEADER.search(header):
        return "development", "its first comment says so"
    weak: set[str] = set()
    for name, service in spec.map("services").items():
        if isinstance(service, Map) and not for_developers(service):
            reason = _strong(str(name), service)
            if reason:
                return "development", reason
            weak |= _weak(service)
    if len(weak) >= 2:
        return "development", f"it has {' and '.join(sorted(weak))}"
    return "production", ""


def _strong(name: str, service: Map) -> str:
    if service.text("build", "target").lower() in _DEV_TARGETS:
        return f"service {name} is built for development"
    command = " ".join(_flat(service.dig("command")) + _flat(service.dig("entrypoint")))
    if _DEV_COMMAND.search(command):
        return f"service {name} starts a development server"
    if _TEST_COMMAND.search(command) or name in ("test", "tests"):
        return f"service {name} runs tests"
    if _DEV_IMAGES.search(service.text("image").lower()):
        return f"service {name} replaces a real one for developers"
    if any(port.number in (5678, 9229) for port in ports(service)):
        return f"service {name} publishes the port of a debugger"
    return ""


def _flat(value: Any) -> list[str]:
    if isinstance(value, list):
        return [str(one) for one in value]
    return [str(value)] if value is not None else []


def _weak(service: Map) -> set[str]:
    """The habits of development that a service shows."""
    context = service.text("build", "context") or service.text("build")
    mounted = any(
        str(item).partition(":")[0].rstrip("/") in (context.rstrip("/"), ".", "./")
        for item in service.items_of("volumes")
        if context and str(item).count(":") == 1
    )
    words = _flat(service.dig("environment"))
    variables = service.map("environment")
    debug = variables.text("FLASK_DEBUG").lower() in ("1", "true")
    debug = debug or variables.text("FLASK_ENV") == "development"
    debug = debug or any(
        re.match(r"FLASK_DEBUG=(?:1|true)|FLASK_ENV=development", w) for w in words
    )
    shown = {
        "its source mounted": mounted,
        "the debugger on": debug,
        "a terminal": service.dig("stdin_open") is True and service.dig("tty") is True,
        "an environment file for development": any(
            ".dev" in one for one in _flat(service.dig("env_file"))
        ),
    }
    return {habit for habit, is_shown in shown.items() if is_shown}


# Extending and including


def _extended(tree: Tree, path: str, spec: Map, depth: int) -> Map:
    """The file with its includes and with every `extends` replaced."""
    folder = path.rpartition("/")[0]
    services = spec.dig("services")
    if not isinstance(services, Map) or depth > MAX_INCLUDE_DEPTH:
        return spec
    made = Map(services.path, services.node)
    for name, service in services.items():
        value = (
            _whole(tree, folder, services, service, depth) if isinstance(service, Map) else service
        )
        made.set(name, value, services.origins[name])
    whole = Map(spec.path, spec.node)
    for key, value in spec.items():
        whole.set(key, made if key == "services" else value, spec.origins[key])
    for item in spec.items_of("include"):
        other = _included(tree, folder, item, depth)
        whole = merge(other, whole) if other is not None else whole
    return whole


def _included(tree: Tree, folder: str, item: Any, depth: int) -> Map | None:
    path = item.text("path") if isinstance(item, Map) else str(item)
    found = _load(tree, joined(folder, path))
    return None if found is None else _extended(tree, found.path, found, depth + 1)


def _load(tree: Tree, path: str | None) -> Map | None:
    if path is None or tree.file(path) is None:
        return None
    text = tree.text(path)
    found = documents(path, text, tree)[0] if text is not None else []
    return found[0] if found and isinstance(found[0], Map) else None


def _whole(tree: Tree, folder: str, services: Map, service: Map, depth: int) -> Map:
    extends = service.dig("extends")
    if extends is None or depth > MAX_INCLUDE_DEPTH:
        return service
    name = service.text("extends", "service") if isinstance(extends, Map) else str(extends)
    file = service.text("extends", "file") if isinstance(extends, Map) else ""
    base, where = services.dig(name), folder
    if file:
        other = _load(tree, joined(folder, file))
        base = other.dig("services", name) if other is not None else None
        where = (joined(folder, file) or "").rpartition("/")[0]
        services = other.map("services") if other is not None else services
    if not isinstance(base, Map) or base is service:
        return service
    return merge(_whole(tree, where, services, base, depth + 1), service)


# Merging


def merge(base: Map, top: Map) -> Map:
    """`top` over `base` as the Compose specification merges them."""
    merged = Map(top.path, top.node)
    for key, value in base.items():
        merged.set(key, value, base.origins[key])
    for key, value in top.items():
        origin = top.origins[key]
        if origin[2].tag == "!reset":
            merged.pop(key, None)
            merged.origins.pop(key, None)
            continue
        if key in merged and origin[2].tag != "!override":
            value, origin = _merged(str(key), merged[key], value, merged.origins[key], origin)
        merged.set(key, value, origin)
    return merged


Origin = tuple[str, Node, Node]


def _merged(key: str, old: Any, new: Any, old_origin: Origin, origin: Origin) -> tuple[Any, Origin]:
    if key in _AS_MAPS:
        old, new = as_map(old), as_map(new)
    if isinstance(old, Map) and isinstance(new, Map):
        return merge(old, new), origin
    if isinstance(old, Seq) and isinstance(new, Seq) and key not in _REPLACED:
        return _appended(key, old, new), origin
    return new, origin


def _appended(key: str, old: Seq, new: Seq) -> Seq:
    made = Seq(new.path, new.node)
    taken = {_target(one) for one in new} if key in _BY_TARGET else set()
    for layer in (old, new):
        for index, item in enumerate(layer):
            if layer is new or key not in _BY_TARGET or _target(item) not in taken:
                made.put(item, layer.origins[index])
    return made


def _target(item: Any) -> str:
    """What two entries for the same thing have in common."""
    if isinstance(item, Map):
        return item.text("target") or item.text("source")
    parts = str(item).split(":")
    return (
        str(item)
        if str(item).replace(":", "").replace(".", "").isdigit()
        else parts[min(1, len(parts) - 1)]
    )


def as_map(value: Any) -> Any:
    """`- NAME=value` lists as mappings; a name alone has the value None."""
    if not isinstance(value, Seq):
        return value
    made = Map(value.path, value.node)
    for index, item in enumerate(value):
        name, equals, text = str(item).partition("=")
        path, node, written = value.origins[index]
        made.set(name, text if equals else None, (path, node, written._replace(text=text)))
    return made


# Projects


class _Assembler:
    """Makes one project of its files."""

    def __init__(self, tree: Tree, layers: list[ComposeFile], role: Role) -> None:
        self.tree = tree
        self.layers = layers
        self.role: Role = role
        self.folder = layers[0].folder
        self.dotenv = self._dotenv()

    def project(self) -> Project:
        spec = self.layers[0].spec
        for layer in self.layers[1:]:
            spec = merge(spec, layer.spec)
        kind: Kind = "swarm" if any(layer.kind == "swarm" for layer in self.layers) else "compose"
        name = self.layers[-1].path
        raw, spec = spec, _interpolated(spec, self._lookup)
        project = Project(name, self.folder, self.role, kind, spec)
        project.paths = tuple(layer.path for layer in self.layers)
        project.why = self.layers[-1].why
        for service, value in spec.map("services").items():
            if isinstance(value, Map):
                environment = self._environment(raw.map("services", str(service)))
                found = Service(str(service), project, value, environment)
                found.build = self._build(value)
                project.services[str(service)] = found
        project.fragment = self._is_fragment(project)
        project.closed = not project.fragment and "include" not in spec
        return project

    def _dotenv(self) -> dict[str, str]:
        path = f"{self.folder}/.env".lstrip("/")
        text = self.tree.text(path) if self.tree.file(path) else None
        found = env.parse(path, text) if text else ()
        return {one.name: one.value for one in found if one.value is not None}

    def _lookup(self, name: str) -> str | None:
        return self.dotenv.get(name)

    def _is_fragment(self, project: Project) -> bool:
        for service in project.services.values():
            if not _is_complete(service.spec):
                return True
            needed = service.spec.dig("depends_on")
            names = list(needed) if isinstance(needed, (Map, Seq)) else []
            if any(str(name) not in project.services for name in names):
                return True
        return False

    def _build(self, spec: Map) -> Build | None:
        build = spec.dig("build")
        if build is None:
            return None
        written = spec.text("build", "context") if isinstance(build, Map) else str(build)
        context = (
            None if re.search(r"\$|://|^git@", written) else joined(self.folder, written or ".")
        )
        dockerfile = spec.text("build", "dockerfile") or "Dockerfile"
        target = spec.text("build", "target")
        known = (
            context is not None
            and "$" not in dockerfile
            and not spec.dig("build", "dockerfile_inline")
        )
        arguments = as_map(spec.dig("build", "args")) if isinstance(build, Map) else None
        pairs = arguments if isinstance(arguments, Map) else {}
        return Build(
            "compose",
            joined(context or "", dockerfile) if known else None,
            context,
            None if "$" in target else target,
            tuple(filter(None, [spec.text("image")])),
            {str(key): None if value is None else str(value) for key, value in pairs.items()},
            spec.at("build", "target") if target else spec.at("build"),
            self.role,
        )

    def _environment(self, spec: Map) -> Environment:
        found = Environment()
        for path, required, where in _env_files(spec):
            self._add_file(found, path, required, where)
        variables = as_map(spec.dig("environment"))
        if isinstance(variables, Map):
            for name in variables:
                found.variables.append(self._variable(variables, str(name)))
        return found

    def _variable(self, variables: Map, name: str) -> Variable:
        where = variables.at(name)
        if variables.get(name) is None:
            # Passed through from whoever starts the project.
            return Variable(name, self._lookup(name), where, "compose")
        replaced = interpolate(variables.text(name), self._lookup)
        return Variable(name, replaced.text, where, "compose", replaced.default)

    def _add_file(self, found: Environment, path: str, required: bool, where: Location) -> None:
        place = None if "$" in path else joined(self.folder, path)
        text = self.tree.text(place) if place and self.tree.file(place) else None
        if place and text is not None:
            found.variables += env.parse(place, text)
            return
        found.open(where, f"{path} is not in the repository")
        for suffix in (".example", ".sample", ".template", ".dist"):
            sample = f"{place}{suffix}"
            text = self.tree.text(sample) if place and self.tree.file(sample) else None
            for one in env.parse(sample, text) if text else ():
                found.variables.append(one._replace(value=None))


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


def _interpolated(value: Map, lookup: Lookup) -> Map:
    """A copy in which every text has its variables replaced, as far as they are known."""
    return _Copy(lookup).map(value)


class _Copy:
    """Copies shared values once, so that aliases stay aliases and bombs stay small."""

    def __init__(self, lookup: Callable[[str], str | None]) -> None:
        self.lookup = lookup
        self.done: dict[int, Any] = {}

    def map(self, value: Map) -> Map:
        made = Map(value.path, value.node)
        self.done[id(value)] = made
        for key, item in value.items():
            path, name, written = value.origins[key]
            found = self.any(item)
            if found is not item and isinstance(found, str):
                written = written._replace(text=found)
            made.set(key, found, (path, name, written))
        made.duplicates = value.duplicates
        return made

    def any(self, value: Any) -> Any:
        if id(value) in self.done and isinstance(value, (Map, Seq)):
            return self.done[id(value)]
        if isinstance(value, Map):
            return self.map(value)
        if isinstance(value, Seq):
            made = Seq(value.path, value.node)
            self.done[id(value)] = made
            for index, item in enumerate(value):
                path, name, written = value.origins[index]
                found = self.any(item)
                if found is not item and isinstance(found, str):
                    written = written._replace(text=found)
                made.put(found, (path, name, written))
            return made
        if isinstance(value, str) and not isinstance(value, Tagged) and "$" in value:
            replaced = interpolate(value, self.lookup).text
            return value if replaced is None else replaced
        return value
