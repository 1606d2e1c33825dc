"""The applications: which objects are Flask's, what belongs to them, and who serves them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, TypeVar

from flask_preflight.artifacts import source
from flask_preflight.artifacts.application import Application
from flask_preflight.artifacts.requirements import (
    DependencyFile,
    Requirement,
    normalised,
    unit_of,
)
from flask_preflight.artifacts.source import AppObject, Function
from flask_preflight.artifacts.wsgi import Bind, Server
from flask_preflight.facts import Deployment, Entry, Listen
from flask_preflight.lazy import expression
from flask_preflight.link.modules import Modules
from flask_preflight.link.settings import configure
from flask_preflight.run import Role, Tree

_UNIT_FILES = expression(
    r"(?:Dockerfile.*|Containerfile|Procfile|pyproject\.toml|setup\.py|setup\.cfg|Pipfile"
    r"|requirements.*\.(?:txt|in))\Z"
)
_FLASK = expression(r"(?:^|\.)(?:Flask|APIFlask|OpenAPI|FlaskApp|FlaskAPI)\Z")
_NO_FLASK = frozenset(("quart", "fastapi", "sanic", "starlette", "typer", "litestar", "aiohttp"))
Fact = TypeVar("Fact")


def link(tree: Tree, deployment: Deployment) -> None:
    """Make the applications, then join them with the servers that serve them."""
    modules = Modules(deployment)
    units = _Units(tree)
    roles = {file.path: file.role for file in tree.of("python")}
    deployment.applications = list(_applications(deployment, modules, units, roles))
    _gate(deployment, units)
    for application in deployment.applications:
        _fill(application, deployment, modules, units, roles)
    joins = _Joins(deployment, modules)
    for server in deployment[Server]:
        joins.join(server)
    joins.workers()
    for application in deployment.applications:
        _modules_of_entries(application, deployment, modules)


class _Units:
    """The folders that are built and deployed on their own."""

    def __init__(self, tree: Tree) -> None:
        self.roots = {
            file.path.rpartition("/")[0]
            for file in tree.files
            if _UNIT_FILES.match(file.path.rpartition("/")[2])
        }

    def of(self, path: str) -> str:
        """The unit of a file: the nearest folder upward with a file of a unit, else the root."""
        folder = path.rpartition("/")[0]
        while folder and folder not in self.roots:
            folder = folder.rpartition("/")[0]
        return folder


def _applications(
    deployment: Deployment, modules: Modules, units: _Units, roles: dict[str, Role]
) -> Iterator[Application]:
    returns = {(f.path, f.name): f for f in deployment[Function]}
    seen: set[tuple[str, str]] = set()
    for made in deployment[AppObject]:
        if not _is_flask(made, modules):
            continue
        factory = made.guard.function if made.guard.where == "function" else ""
        key = (made.path, factory or made.name)
        if key in seen or made.guard.condition == "dev":
            continue
        seen.add(key)
        if factory and (made.path, factory) not in returns and "." in factory:
            continue
        yield Application(made, factory, units.of(made.path), roles.get(made.path, "production"))


def _is_flask(made: AppObject, modules: Modules) -> bool:
    """Whether the class is Flask's, or one of the repository that extends it."""
    name, path = made.made_by, made.path
    for _ in range(4):
        if name.partition(".")[0] in _NO_FLASK:
            return False
        if _FLASK.search(name):
            return True
        found = modules.class_of(name, path)
        if found is None:
            return False
        bases = [base for base in found.bases if _FLASK.search(base)]
        if bases:
            return True
        if not found.bases:
            return False
        name, path = found.bases[0], found.path
    return False


def _gate(deployment: Deployment, units: _Units) -> None:
    """Files count whose unit uses Flask."""
    using = {units.of(one.path) for one in deployment[source.ModuleFact] if one.imports_flask}
    using |= {
        units.of(one.path)
        for one in deployment[Requirement]
        if one.name == "flask" or one.name.startswith("flask-")
    }
    deployment.uses_flask = lambda path: _uses(units.of(path), using)


def _uses(unit: str, using: set[str]) -> bool:
    """A unit below one that uses Flask does so as well."""
    while True:
        if unit in using:
            return True
        if not unit:
            return False
        unit = unit.rpartition("/")[0]


def _fill(
    application: Application,
    deployment: Deployment,
    modules: Modules,
    units: _Units,
    roles: dict[str, Role],
) -> None:
    """Everything that the facts of its unit say about an application."""
    application.modules = modules.closure([application.path])
    unit = {path for path in roles if units.of(path) == application.root}
    application.unit = frozenset(unit | application.modules)
    application.requirements = unit_of(deployment[Requirement], application.path)

    def mine(kind: type[Fact], paths: frozenset[str]) -> list[Fact]:
        return [one for one in deployment[kind] if one.path in paths]  # type: ignore[attr-defined]

    application.extension_calls = mine(source.ExtensionCall, application.unit)
    application.run_calls = mine(source.RunCall, application.unit)
    application.schema_changes = mine(source.SchemaChange, application.unit)
    application.session_uses = mine(source.SessionUse, application.unit)
    application.client_facts = [
        one
        for one in deployment[source.ClientFact]
        if one.path in application.unit
        or not one.path.endswith(".py")
        and units.of(one.path) == application.root
    ]
    application.handles_proxies = any(mine(source.ForwardedHeader, application.unit))
    configure(application, deployment, modules, roles)


def _modules_of_entries(application: Application, deployment: Deployment, modules: Modules) -> None:
    """What its servers import, and the variables that all of that reads."""
    served: set[str] = set()
    direct: set[str] = set()
    doubtful: set[str] = set()
    for server in application.servers:
        entry = server.entry
        if entry is None or entry.role != "production" or server.started.development:
            continue
        target = server.target_module.path if server.target_module else server.script_path
        if target is None:
            continue
        if server.kind == "script":
            direct.add(target)
            doubtful |= {target} if server.doubt else set()
        else:
            served |= modules.closure([target])
        application.known = application.known or not server.doubt
        application.modules |= modules.closure([target])
    application.served_modules = frozenset(served)
    application.direct_modules = frozenset(direct)
    application.doubtful_modules = frozenset(doubtful)
    application.reads = [
        one for one in deployment[source.EnvRead] if one.path in application.modules
    ]
    whole = (one for one in deployment[source.Wholesale] if one.path in application.unit)
    application.reads_all = next((one.location for one in whole), None)
    for use in deployment[source.DatabaseUse]:
        if use.path in application.modules and use.guard.condition != "dev":
            application.databases.append(use.value)
    for key in ("SQLALCHEMY_DATABASE_URI", "DATABASE_URL", "DATABASE_URI"):
        application.databases += [one.value for one in application.production(key)]


class _Target(NamedTuple):
    path: str
    name: str


class _Joins:
    """Finds the application that a server serves."""

    def __init__(self, deployment: Deployment, modules: Modules) -> None:
        self.deployment = deployment
        self.modules = modules
        self.objects: dict[_Target, Application] = {}
        for application in deployment.applications:
            names = [application.factory] if application.factory else [application.name]
            for name in names:
                self.objects[_Target(application.path, name)] = application

    def join(self, server: Server) -> None:
        application = (
            self._by_script(server) if server.kind == "script" else self._by_target(server)
        )
        if application is None and server.kind == "flask-run":
            application = self._by_default(server)
        server.application = application
        server.packages = self._packages(server.location.path)
        if application is None:
            return
        application.servers.append(server)
        if server.entry is not None:
            server.entry.application = application
            application.entries.append(server.entry)
            server.entry.evidence = (server.location, application.location)

    def _packages(self, path: str) -> frozenset[str] | None:
        """What is installed beside a file: what its unit asks for, and the unit itself."""
        found = unit_of(self.deployment[Requirement], path)
        projects = {normalised(one.project) for one in self.deployment[DependencyFile]}
        names = {one.name for one in found} | projects
        return frozenset(names - {""}) if found else None

    def _by_target(self, server: Server) -> Application | None:
        module = server.target_module
        if module is None:
            return None
        return self.follow(module.path, server.attribute)

    def _by_default(self, server: Server) -> Application | None:
        """`flask run` without a name looks for the usual ones."""
        near = server.directory if not server.directory.startswith("/") else ""
        found = [
            one
            for one in self.deployment.applications
            if one.role == "production" and (not near or one.path.startswith(near))
        ]
        return found[0] if len(found) == 1 else None

    def follow(self, path: str, name: str, hops: int = 4) -> Application | None:
        """The application that a name of a module leads to."""
        target = _Target(path, name)
        if target in self.objects:
            return self.objects[target]
        if hops == 0:
            return None
        for constant in self.modules.constants(path, name):
            value = constant.value
            if value.kind in ("call", "reference") and value.reference:
                dotted = re.sub(r"\(\)|\[\]", "", value.reference)
                found = self._dotted(path, dotted, hops - 1)
                if found is not None:
                    return found
        imported = self.modules.imported(path, name)
        if imported is not None:
            return self.follow(imported[0], imported[1], hops - 1)
        return self._returned(path, name, hops - 1)

    def _dotted(self, path: str, dotted: str, hops: int) -> Application | None:
        if "." not in dotted:
            return self.follow(path, dotted, hops) if hops else None
        found = self.modules.locate(dotted, path)
        return self.follow(found[0], found[1], hops) if found is not None and hops else None

    def _returned(self, path: str, name: str, hops: int) -> Application | None:
        """A function that returns what another factory makes."""
        for function in self.deployment[Function]:
            if function.path == path and function.name == name:
                for returned in function.returns:
                    found = self._dotted(path, returned.replace("()", ""), hops)
                    if found is not None:
                        return found
        return None

    def _by_script(self, server: Server) -> Application | None:
        path = server.script_path or (server.target_module.path if server.target_module else None)
        if path is None:
            return None
        calls = [one for one in self.deployment[source.RunCall] if one.path == path]
        reached = calls or self._reached(path)
        for call in reached:
            if call.how != "serve":
                server.run_calls.append(call.location)
            owner = call.owner.rpartition(".")[2] if call.how != "serve" else ""
            application = self.follow(path, call.owner) or self._dotted(path, call.owner, 3)
            application = application or self.follow(path, owner) or self._only(path)
            if application is not None:
                _listen(server, call)
                if server.entry is not None and server.entry.kind == "other":
                    server.entry.kind = "server"
                return application
        return None

    def _reached(self, path: str) -> list[source.RunCall]:
        """Run calls in the modules that a script imports, where they run at import."""
        closure = self.modules.closure([path])
        return [
            one
            for one in self.deployment[source.RunCall]
            if one.path in closure and one.guard.where == "import"
        ]

    def _only(self, path: str) -> Application | None:
        closure = self.modules.closure([path])
        found = [one for one in self.deployment.applications if one.path in closure]
        return found[0] if len(found) == 1 else None

    def workers(self) -> None:
        """Workers belong to the application whose image they share."""
        by_image: dict[int, set[int]] = {}
        applications = {id(one): one for one in self.deployment.applications}
        for entry in self.deployment.entries:
            if entry.image is not None and entry.application is not None:
                by_image.setdefault(id(entry.image), set()).add(id(entry.application))
        for entry in self.deployment.entries:
            if entry.application is None and entry.kind in ("worker", "beat", "scheduler"):
                found = by_image.get(id(entry.image), set()) if entry.image else set()
                if len(found) == 1:
                    _adopt(entry, applications[next(iter(found))])


def _adopt(entry: Entry, application: Application) -> None:
    entry.application = application
    application.entries.append(entry)


def _listen(server: Server, call: source.RunCall) -> None:
    """Where a program that runs Flask's own server listens."""
    host, port = call.argument("host"), call.argument("port")
    address = "127.0.0.1" if host is None else host.text or None
    number, default = 5000 if port is None else None, port is None
    if port is not None and port.kind == "literal" and isinstance(port.literal, int):
        number = port.literal
    elif port is not None and port.kind == "env":
        given = server.around.get(port.names[0])
        text = str(given.value) if given is not None and given.value is not None else ""
        if text.isdigit():
            number = int(text)
        elif given is None and port.has_default and str(port.literal).isdigit():
            number, default = int(str(port.literal)), True
    server.binds = [Bind(address, number, "http", call.location, default)]
    server.ports_known = number is not None and address is not None
    entry = server.entry
    if entry is not None:
        entry.listens = [
            Listen(one.host or "", one.port, one.protocol, one.location, one.default)
            for one in server.binds
            if one.port is not None
        ]
        entry.ports_known = server.ports_known
