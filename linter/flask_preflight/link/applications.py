"""The applications: which objects are Flask's, what belongs to them, and who serves them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from flask_preflight.artifacts import source
from flask_preflight.artifacts.application import Application
from flask_preflight.artifacts.requirements import (
    DependencyFile,
    Requirement,
    normalised,
    unit_of,
)
from flask_preflight.artifacts.source import AppObject, Function, RunCall, Value
from flask_preflight.artifacts.wsgi import Bind, Server
from flask_preflight.facts import Deployment, Entry
from flask_preflight.lazy import expression
from flask_preflight.link.modules import Modules
from flask_preflight.link.settings import Given, configure
from flask_preflight.run import Role, Tree

_UNIT_FILES = expression(
    r"(?:Dockerfile.*|Containerfile|Procfile|pyproject\.toml|setup\.py|setup\.cfg|Pipfile"
    r"|requirements.*\.(?:txt|in))\Z"
)
_FLASK = expression(
    r"(?:^|\.)(?:Flask|APIFlask|OpenAPI|FlaskApp|FlaskAPI)\Z|^connexion\.App\Z|^dash\.Dash\Z"
)
_NO_FLASK = frozenset(("quart", "fastapi", "sanic", "starlette", "typer", "litestar", "aiohttp"))


def link(tree: Tree, deployment: Deployment) -> None:
    """Make the applications, then join them with the servers that serve them."""
    modules = Modules(deployment)
    units = _Units(tree)
    roles = {file.path: file.role for file in tree.of("python")}
    deployment.applications = list(_applications(deployment, modules, units, roles))
    _gate(deployment, units)
    joins = _Joins(deployment, modules)
    for server in deployment[Server]:
        joins.join(server)
    runs = {one: joins.runs(one) for one in deployment[RunCall]}
    calls: dict[int, list[Given]] = {}
    for made, call in joins.factory_calls(roles):
        calls.setdefault(id(made), []).append(call)
    for application in deployment.applications:
        _fill(application, deployment, modules, units)
        application.run_calls = [
            one
            for one in modules.of(RunCall, application.unit)
            if runs[one] is application or runs[one] is None and one.sure
        ]
        given = calls.get(id(application), [])
        configure(application, deployment, modules, roles, given)
    joins.workers()
    served = {one.root for one in deployment.applications if one.serving}
    for application in deployment.applications:
        _modules_of_entries(application, modules)
        application.idle = not application.servers and application.root in served


class _Units:
    """The folders that are built and deployed on their own."""

    def __init__(self, tree: Tree) -> None:
        self._files: dict[str, frozenset[str]] = {}
        self._paths = [file.path for file in tree.of("python")]
        self.roots = {
            file.path.rpartition("/")[0]
            for file in tree.files
            if _UNIT_FILES.match(file.path.rpartition("/")[2])
        }

    def files(self, root: str) -> frozenset[str]:
        """The Python files of a unit."""
        if root not in self._files:
            self._files[root] = frozenset(path for path in self._paths if self.of(path) == root)
        return self._files[root]

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
) -> None:
    """Everything that the facts of its unit say about an application."""
    application.modules = modules.closure([application.path])
    application.unit = units.files(application.root) | application.modules
    application.requirements = unit_of(deployment[Requirement], application.path)
    application.extension_calls = modules.of(source.ExtensionCall, application.unit)
    application.schema_changes = modules.of(source.SchemaChange, application.unit)
    application.session_uses = modules.of(source.SessionUse, application.unit)
    application.uploads = modules.of(source.UploadUse, application.unit)
    application.global_writes = modules.of(source.GlobalWrite, application.unit)
    application.log_uses = modules.of(source.LogUse, application.unit)
    application.enqueues = modules.of(source.Enqueue, application.unit)
    application.imports = modules.of(source.Import, application.unit)
    application.client_facts = [
        one
        for one in deployment[source.ClientFact]
        if one.path in application.unit
        or not one.path.endswith(".py")
        and units.of(one.path) == application.root
    ]
    application.limit_exemptions = modules.of(source.LimitExemption, application.unit)
    application.handles_proxies = any(modules.of(source.ForwardedHeader, application.unit))


def _modules_of_entries(application: Application, modules: Modules) -> None:
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
    reads = modules.of(source.EnvRead, application.modules)
    reads += modules.helped_reads(application.modules)
    application.reads = [one._replace(in_factory=_in_factory(one, application)) for one in reads]
    whole = modules.of(source.Wholesale, application.unit)
    application.reads_all = next((one.location for one in whole), None)
    for use in modules.of(source.DatabaseUse, application.modules):
        if use.guard.condition != "dev":
            application.databases.append(use.value)
    for key in ("SQLALCHEMY_DATABASE_URI", "DATABASE_URL", "DATABASE_URI"):
        application.databases += [one.value for one in application.production(key)]


def _in_factory(read: source.EnvRead, application: Application) -> bool:
    guard = read.guard
    made = bool(application.factory) and guard.function == application.factory
    return made and read.path == application.path


class _Target(NamedTuple):
    path: str
    name: str


class _Joins:
    """Finds the application that a server serves."""

    def __init__(self, deployment: Deployment, modules: Modules) -> None:
        self.deployment = deployment
        self.modules = modules
        self.functions = {(one.path, one.name): one for one in deployment[Function]}
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
        folders = {one.path.rpartition("/")[0] for one in found}
        near = [
            one for one in self.deployment[DependencyFile] if one.path.rpartition("/")[0] in folders
        ]
        if not found or any(one.open for one in near):
            return None
        projects = {normalised(one.project) for one in self.deployment[DependencyFile]}
        return frozenset().union(projects - {""}, *(one.names for one in found))

    def _by_target(self, server: Server) -> Application | None:
        module = server.target_module
        if module is None:
            return None
        found = self.follow(module.path, server.attribute)
        if found is None and server.kind == "flask-run" and ":" not in server.target:
            return self._found_by_flask(module.path)
        return found

    def _found_by_flask(self, path: str) -> Application | None:
        """What `flask` looks for in a module that is named alone (`flask.cli.find_best_app`)."""
        for name in ("app", "application"):
            found = self.follow(path, name)
            if found is not None:
                return found
        made = [one for one in self.deployment.applications if one.path == path]
        objects = [one for one in made if not one.factory]
        if len(objects) == 1:
            return objects[0]
        for name in ("create_app", "make_app"):
            found = self.follow(path, name)
            if found is not None:
                return found
        return None

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
            head = _Target(path, value.reference.partition(".")[0])
            if head in self.objects and value.reference.endswith((".server", ".app", ".wsgi_app")):
                return self.objects[head]
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
        function = self.functions.get((path, name))
        several = [
            self._dotted(path, returned.replace("()", ""), hops)
            for returned in (function.returns if function is not None else ())
        ]
        # Of several, the one that is made of most is no page for the time of an upgrade.
        found = [one for one in several if one is not None]
        return max(found, key=lambda one: len(self.modules.closure([one.path])), default=None)

    def runs(self, call: RunCall) -> Application | None:
        """The application that a call runs, where its owner leads to one."""
        owner = call.owner.replace("()", "")
        if call.how in ("serve", "run_simple", "make_server"):
            owner = _first(call)
        if not owner:
            return None
        found = self.follow(call.path, owner) or self._dotted(call.path, owner, 3)
        if found is None and call.how in ("serve", "run"):
            found = self._dotted(call.path, _first(call), 3)
        return found

    def factory_calls(self, roles: dict[str, Role]) -> Iterator[tuple[Application, Given]]:
        """Who calls a factory for production, and what with."""
        names = {one.factory for one in self.deployment.applications if one.factory}
        for constant in self.deployment[source.Constant]:
            value, guard = constant.value, constant.guard
            if value.kind != "call" or value.reference.rpartition(".")[2] not in names:
                continue
            away = guard.condition == "dev" or guard.where == "main"
            if away or roles.get(constant.path) != "production":
                continue
            made = self._dotted(constant.path, value.reference, 2)
            if made is not None:
                yield made, (constant.path, value.literal or ())
        for server in self.deployment[Server]:
            made = server.application
            if made is None or not server.calls or server.entry is None:
                continue
            if server.entry.role == "production" and server.attribute == made.factory:
                yield made, (server.location.path, _written(server))

    def _by_script(self, server: Server) -> Application | None:
        path = server.script_path or (server.target_module.path if server.target_module else None)
        if path is None:
            return None
        calls = self.modules.of(RunCall, (path,))
        reached = calls or self._reached(path)
        for call in reached:
            application = self.runs(call)
            if application is None and not call.sure:
                continue
            if call.how != "serve":
                server.run_calls.append(call.location)
            application = application or self._only(path)
            if application is not None:
                self._listen(server, call)
                if server.entry is not None and server.entry.kind == "other":
                    server.entry.kind = "server"
                return application
        return None

    def _reached(self, path: str) -> list[RunCall]:
        """Run calls in the modules that a script imports: at import, or in what it takes of it."""
        closure = self.modules.closure([path])
        taken = {one.name for one in self.modules.of(source.Import, (path,))} - {""}
        return [
            one
            for one in self.modules.of(RunCall, closure)
            if one.guard.where == "import" or one.guard.function in taken
        ]

    def _only(self, path: str) -> Application | None:
        closure = self.modules.closure([path])
        found = [one for one in self.deployment.applications if one.path in closure]
        return found[0] if len(found) == 1 else None

    def workers(self) -> None:
        """Workers belong to the application that they import, or whose image they share."""
        by_image: dict[int, set[int]] = {}
        applications = {id(one): one for one in self.deployment.applications}
        for entry in self.deployment.entries:
            if entry.image is not None and entry.application is not None:
                by_image.setdefault(id(entry.image), set()).add(id(entry.application))
        for entry in self.deployment.entries:
            if entry.application is None and entry.kind in ("worker", "beat", "scheduler"):
                made = self._imported_by(entry)
                if made is not None:
                    _adopt(entry, made)
                    continue
                found = by_image.get(id(entry.image), set()) if entry.image else set()
                if len(found) == 1:
                    _adopt(entry, applications[next(iter(found))])

    def _imported_by(self, entry: Entry) -> Application | None:
        """The application whose modules hold what a worker's command names."""
        module = _worker_module(entry.started.argv if entry.started is not None else ())
        if not module:
            return None
        paths = {
            self.modules.resolve(module, f"{one.root}/x".lstrip("/")): one
            for one in self.deployment.applications
        }
        found = []
        for path, one in paths.items():
            if path is not None and one.path in self.modules.closure([path]):
                found.append(one)
        return found[0] if len(found) == 1 else None

    def _listen(self, server: Server, call: RunCall) -> None:
        """Where a program that runs Flask's own server listens."""
        host, port = call.argument("host"), call.argument("port")
        more = call.argument("**") is not None or call.argument("*") is not None
        address, _ = self._settled(server, host, call.path, None if more else "127.0.0.1")
        text, default = self._settled(server, port, call.path, None if more else "5000")
        number = int(text) if text is not None and text.isdigit() and len(text) < 6 else None
        server.binds = [Bind(address, number, "http", call.location, default)]
        server.ports_known = number is not None and address is not None
        entry = server.entry
        if entry is not None:
            entry.listens = server.listens
            entry.ports_known = server.ports_known

    def _settled(
        self, server: Server, value: Value | None, path: str, absent: str | None
    ) -> tuple[str | None, bool]:
        """What an argument is in the environment of a server, and whether that is a default."""
        if value is None or value.kind == "literal" and value.literal is None:
            return absent, True
        if value.kind == "reference":
            place = self.modules.locate(value.reference, path) or (path, value.reference)
            held = self.modules.constants(*place)
            if len(held) != 1 or held[0].value.kind == "reference":
                return None, False
            value = held[0].value
        if value.kind == "literal":
            return (None if source.HOLE in str(value.literal) else str(value.literal)), False
        if value.kind != "env" or not value.names:
            return None, False
        for name in value.names:
            given = server.around.get(name)
            if given is not None:
                return (None if given.value is None else str(given.value)), False
        if not value.has_default or value.literal is None or source.HOLE in str(value.literal):
            return None, False
        return str(value.literal), True


def _first(call: RunCall) -> str:
    """The name that is given as first argument."""
    for key, value in call.arguments:
        if key in ("0", "app", "application") and value.kind in ("reference", "call"):
            return value.reference.replace("()", "")
    return ""


def _written(server: Server) -> tuple[tuple[str, Value], ...]:
    """The texts in the call of a factory that is a server's target: `shop:create_app("x")`."""
    inside = re.search(r"\((.*)\)", server.target)
    where = server.location
    found = []
    for index, word in enumerate(inside[1].split(",") if inside is not None else ()):
        name, equals, text = word.partition("=")
        literal = re.fullmatch(r"\s*[\"'](.*)[\"']\s*", text if equals else word)
        if literal is not None:
            key = name.strip() if equals else str(index)
            found.append((key, Value("literal", where, literal[1])))
    return tuple(found)


def _worker_module(argv: tuple[str, ...]) -> str:
    """The module that the command of a worker names."""
    program = argv[0].rpartition("/")[2] if argv else ""
    for index, word in enumerate(argv):
        following = argv[index + 1] if index + 1 < len(argv) else ""
        if word in ("-A", "--app") and program in ("celery", "flask"):
            return following.partition(":")[0]
        if word.startswith("--app=") or word.startswith("-A") and len(word) > 2:
            return word.partition("=")[2].partition(":")[0] or word[2:].partition(":")[0]
    names = [word for word in argv[1:] if re.fullmatch(r"[A-Za-z_][\w.]*(?::\w+)?", word)]
    if program in ("dramatiq", "huey_consumer", "huey_consumer.py") and names:
        module = names[0].partition(":")[0]
        return module if program == "dramatiq" else module.rpartition(".")[0]
    return ""


def _adopt(entry: Entry, application: Application) -> None:
    entry.application = application
    application.entries.append(entry)
