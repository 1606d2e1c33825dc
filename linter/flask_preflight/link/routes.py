"""The routes: every rule of URLs under the prefixes of the blueprints that hold it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from flask_preflight.artifacts import source
from flask_preflight.artifacts.application import Application, Route
from flask_preflight.artifacts.source import (
    HOLE,
    BlueprintObject,
    Decorated,
    Function,
    LooseSlashes,
    Registration,
)
from flask_preflight.facts import Deployment
from flask_preflight.link.modules import Modules
from flask_preflight.result import Location
from flask_preflight.run import Tree

_MAX_NESTING = 6
_METHODS = frozenset("get post put delete patch head options".split())
_OPEN_EXTENSIONS = frozenset(
    "AppBuilder Dash SQLAdmin Connexion FlaskAppBuilder GraphQLView".split()
)
_OPEN_MAKERS = ("Dash", "App", "FlaskApp")
"""Applications with routes of their own, or of a description elsewhere."""
_EXTENSION_ROUTES = {
    "PrometheusMetrics": "/metrics",
    "GunicornPrometheusMetrics": "/metrics",
    "GunicornInternalPrometheusMetrics": "/metrics",
    "Admin": "/admin/",
    "Healthz": "/healthz/<name>",
    "Swagger": "/apidocs/",
}
_HEALTH_CHECKS = ("HealthCheck", "EnvironmentDump")


class _Object(NamedTuple):
    """An application, blueprint, namespace or api by the file and name that make it."""

    path: str
    name: str


def link(tree: Tree, deployment: Deployment) -> None:
    """Give every application its routes, and say whether those are all."""
    modules = Modules(deployment)
    known = _Known(deployment, modules)
    for application in deployment.applications:
        _Routes(application, known, modules).run()


def joined(prefix: str, rule: str) -> str:
    """A rule under a prefix, as Flask joins them (`Blueprint.add_url_rule`)."""
    if not prefix:
        return rule
    return prefix.rstrip("/") + "/" + rule.lstrip("/") if rule else prefix


class _Known:
    """The blueprints of the repository, and where they are registered."""

    def __init__(self, deployment: Deployment, modules: Modules) -> None:
        self.modules = modules
        self.blueprints = {_Object(b.path, b.name): b for b in deployment[BlueprintObject]}
        self.functions = {(one.path, one.name): one for one in deployment[Function]}
        self.registrations: dict[_Object, list[Registration]] = {}
        self.unknown: list[Registration] = []
        """Registrations of something that no module of the repository makes by name."""
        self.applications = {_Object(one.path, one.name) for one in deployment.applications}
        self.dynamic = bool(deployment[source.Dynamic])
        for one in deployment[Registration]:
            blueprint = self.object(one.blueprint, one.path)
            self.registrations.setdefault(blueprint, []).append(one)
            if blueprint not in self.blueprints:
                self.unknown.append(one)

    def object(self, dotted: str, path: str) -> _Object:
        """The object that a name means in a file, imports followed."""
        name = dotted.replace("()", "")
        if "." in name and not name.startswith("self."):
            found = self.modules.locate(name, path)
            if found is not None:
                path, name = found
        for _ in range(3):
            if _Object(path, name) in self.blueprints:
                break
            again = self.modules.imported(path, name)
            if again is None:
                break
            path, name = again
        function = self.functions.get((path, name))
        if _Object(path, name) not in self.blueprints and function is not None:
            made = (_Object(path, returned) for returned in function.returns)
            return next((one for one in made if one in self.blueprints), _Object(path, name))
        return _Object(path, name)


class _Routes:
    def __init__(self, application: Application, known: _Known, modules: Modules) -> None:
        self.application = application
        self.known = known
        self.modules = modules
        self.blueprints = known.blueprints
        self.own = _Object(application.path, application.name)
        self.loose = bool(modules.of(LooseSlashes, application.unit))

    def run(self) -> None:
        application = self.application
        for decorated in self.modules.of(Decorated, application.unit):
            self._add(decorated)
        for registration in self.known.unknown:
            if registration.path in application.unit and registration.guard.condition != "dev":
                self._unseen(registration.location)
        for dynamic in self.modules.of(source.Dynamic, application.modules):
            if self._matters(dynamic):
                self._unseen(dynamic.location)
        application.may_answer = bool(self.modules.of(source.Handler, application.unit))
        for one in self.modules.of(source.ModuleFact, application.modules):
            if not one.is_whole:
                self._unseen(Location(one.path))
        self._extensions()
        self._static()
        if self.application.made_by.rpartition(".")[2] in _OPEN_MAKERS:
            self._unseen(self.application.location)
        application.knows_all_routes = not application.unseen
        unique = {(r.path, r.methods): r for r in reversed(application.routes)}
        application.routes = sorted(
            unique.values(), key=lambda r: (r.location.path, r.location.region)
        )

    def _matters(self, dynamic: source.Dynamic) -> bool:
        """Modules that are imported by a computed name may register anything."""
        return dynamic.guard.use not in ("cli", "task") and dynamic.guard.condition != "dev"

    def _unseen(self, where: Location) -> None:
        self.application.unseen.append(where)

    def _is_application(self, one: _Object) -> bool:
        if one == self.own:
            return True
        known = one in self.blueprints
        return not known and one.name in ("app", "application", "flask_app", "self", "self.app")

    def _add(self, decorated: Decorated) -> None:
        owner = self.known.object(decorated.owner, decorated.path)
        if decorated.rule is None or HOLE in decorated.rule:
            self._unseen(decorated.location)
            return
        prefixes = list(self._prefixes(owner, decorated, 0))
        for prefix in prefixes:
            if HOLE in prefix:
                self._unseen(decorated.location)
            else:
                path = joined(prefix, decorated.rule)
                methods = decorated.methods or self._methods_of(decorated)
                where, loose = decorated.location, decorated.loose
                self._route(path, methods, where, loose, decorated.function)

    def _methods_of(self, decorated: Decorated) -> tuple[str, ...] | None:
        """The methods of a class that is the view; None for a function."""
        if not decorated.view.endswith(".as_view()"):
            return None
        found = self.modules.class_of(decorated.view.removesuffix(".as_view()"), decorated.path)
        if found is None:
            return ("*",)
        methods = [name.upper() for name in found.methods if name in _METHODS]
        plain = all(base.rpartition(".")[2] in ("View", "MethodView") for base in found.bases)
        if "dispatch_request" in found.methods and plain:
            named = next((one.value.literal for one in found.values if one.name == "methods"), None)
            return tuple(map(str, named)) if isinstance(named, tuple) else None
        return tuple(methods) if methods and plain else ("*",)

    def _route(
        self,
        path: str,
        methods: tuple[str, ...] | None,
        where: Location,
        loose: bool = False,
        function: source.ViewFunction | None = None,
    ) -> None:
        found = {"GET", "HEAD", "OPTIONS"} if methods is None else {*methods, "OPTIONS"}
        if "GET" in found:
            found.add("HEAD")
        known = None if "*" in found else frozenset(found)
        path = path if path.startswith("/") else "/" + path
        route = Route(path, known, where, loose or self.loose, function)
        self.application.routes.append(route)

    def _prefixes(self, owner: _Object, decorated: Decorated, depth: int) -> Iterator[str]:
        """What stands before the rules of an object; nothing for one that is not registered."""
        if owner != self.own and owner in self.known.applications:
            return
        if self._is_application(owner):
            yield ""
            return
        blueprint = self.blueprints.get(owner)
        if blueprint is None:
            # Not an object that is known here: perhaps a parameter of a function.
            yield HOLE
            return
        registered = self.known.registrations.get(owner, [])
        if not registered and self.known.dynamic:
            yield HOLE
        for one in registered:
            own = blueprint.prefix if one.prefix is None else one.prefix
            above = self.known.object(one.owner, one.path)
            if depth > _MAX_NESTING:
                continue
            for outer in self._prefixes(above, decorated, depth + 1):
                yield HOLE if HOLE in (own, outer) else joined(outer, own) if own else outer

    def _extensions(self) -> None:
        for call in self.application.extension_calls:
            if call.last in _EXTENSION_ROUTES:
                given = call.argument("path", "url")
                path = (
                    given.text if given is not None and given.text else _EXTENSION_ROUTES[call.last]
                )
                self._route(path, None, call.location)
            elif call.last in _HEALTH_CHECKS:
                given = call.argument("1", "path")
                if given is not None and given.text:
                    self._route(given.text, None, call.location)
            elif call.last in _OPEN_EXTENSIONS or call.last == "DispatcherMiddleware":
                self._unseen(call.location)

    def _static(self) -> None:
        arguments = self.application.arguments
        folder = arguments.get("static_folder")
        if folder is not None and folder.kind == "literal" and folder.literal is None:
            return
        given = arguments.get("static_url_path")
        if given is not None and not given.is_text:
            self._unseen(given.location)
            return
        path = given.text if given is not None else "/static"
        rule = path.rstrip("/") + "/<path:filename>"
        self._route(rule, None, self.application.location)
