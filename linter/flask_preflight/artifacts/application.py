"""A Flask application as all modules of its unit, and everything that starts it, make it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple

from flask_preflight.artifacts import source
from flask_preflight.artifacts.requirements import (
    Requirement,
    may_reach,
    normalised,
    resolved,
)
from flask_preflight.artifacts.source import Value
from flask_preflight.facts import lower
from flask_preflight.lazy import expression
from flask_preflight.result import Level, Location
from flask_preflight.rule import Rule
from flask_preflight.run import Role

if TYPE_CHECKING:
    from flask_preflight.artifacts.wsgi import Server
    from flask_preflight.facts import Entry

Answer = Literal["served", "redirects", "method", "maybe", "no"]


class ProductionValue(NamedTuple):
    """A value that a key of the configuration may have in production; `where` names its set."""

    value: Value
    location: Location
    where: str


class Route(NamedTuple):
    """A rule of URLs as the application serves it; `methods` None: more than can be told.

    `loose`: a slash at the end of the path does not matter (`strict_slashes=False`).
    `function`: the view, where it stands under the rule.
    """

    path: str
    methods: frozenset[str] | None
    location: Location
    loose: bool = False
    function: source.ViewFunction | None = None

    def answers(self, path: str, method: str = "GET") -> Answer:
        """What Werkzeug's router makes of a request (measured against Werkzeug 3.1)."""
        pattern, custom = _compiled(self.path)
        found = pattern.fullmatch(path)
        if found is None and self.loose:
            other = path.rstrip("/") if path.endswith("/") else path + "/"
            found = pattern.fullmatch(other)
        if found is not None:
            if custom:
                return "maybe"
            known = self.methods is None or method in self.methods
            return "served" if known or method == "HEAD" and self.has("GET") else "method"
        if self.path.endswith("/") and pattern.fullmatch(path + "/"):
            return "maybe" if custom else "redirects"
        return "no"

    def has(self, method: str) -> bool:
        return self.methods is None or method in self.methods


_CONVERTER = expression(r"<(?:(?P<kind>\w+)(?:\((?P<args>[^()]*)\))?:)?(?P<name>\w+)>")
_PATTERNS = {
    "default": r"[^/]+",
    "string": r"[^/]+",
    "int": r"\d+",
    "float": r"\d+\.\d+",
    "uuid": r"[A-Fa-f0-9]{8}-(?:[A-Fa-f0-9]{4}-){3}[A-Fa-f0-9]{12}",
    "path": r"[^/].*?",
}
_cache: dict[str, tuple[re.Pattern[str], bool]] = {}


def _compiled(rule: str) -> tuple[re.Pattern[str], bool]:
    """The expression of a rule, and whether a converter in it is not Werkzeug's own."""
    if rule not in _cache:
        parts, position, custom = [], 0, False
        for found in _CONVERTER.finditer(rule):
            parts.append(re.escape(rule[position : found.start()]))
            kind, args = found["kind"] or "default", found["args"] or ""
            own = kind not in _PATTERNS and kind != "any"
            # A converter of the application's own may take slashes.
            parts.append(".+?" if own else _pattern(kind, args))
            custom = custom or own
            position = found.end()
        rest, odd, _ = rule[position:].partition("<")
        parts.append(re.escape(rest) + (".*" if odd else ""))
        custom = custom or bool(odd)
        _cache[rule] = re.compile("".join(parts)), custom
    return _cache[rule]


def _pattern(kind: str, args: str) -> str:
    if kind == "any":
        return "(?:" + "|".join(re.escape(a.strip().strip("'\"")) for a in args.split(",")) + ")"
    given = dict(re.findall(r"(\w+)\s*=\s*(\w+)", args))
    if kind == "string":
        number = {name: int(text) for name, text in given.items() if re.fullmatch("\\d{1,4}", text)}
        if "length" in number:
            return rf"[^/]{{{number['length']}}}"
        if "minlength" in number or "maxlength" in number:
            return rf"[^/]{{{number.get('minlength', 1)},{number.get('maxlength', '')}}}"
    if kind == "int" and "fixed_digits" in given and given["fixed_digits"].isdigit():
        return rf"\d{{{int(given['fixed_digits'][:3])}}}"
    sign = "-?" if kind in ("int", "float") and given.get("signed") == "True" else ""
    return sign + _PATTERNS[kind]


class Application:
    """One Flask application: what it is made of, how it is configured, and who starts it.

    `path` is the module that makes it, `name` what it is bound to, `factory` the function that
    returns it (empty if none does), `root` the folder of its unit. `closed`: every source of its
    configuration was read. The links fill the rest.
    """

    def __init__(self, made: source.AppObject, factory: str, root: str, role: Role) -> None:
        self.path = made.path
        self.name = made.name
        self.factory = factory
        self.made_by = made.made_by
        self.root = root
        self.role: Role = role
        self.location = made.location
        self.arguments: Mapping[str, Value] = dict(made.arguments)
        self.modules: frozenset[str] = frozenset()
        """The files that importing it runs."""
        self.unit: frozenset[str] = frozenset()
        """All files of its unit that are no tests or examples."""
        self.settings: dict[str, list[ProductionValue]] = {}
        self.development_settings: dict[str, list[ProductionValue]] = {}
        self.selections: list[Value] = []
        """What chooses a configuration for development where nothing else is said."""
        self.prefixes: list[str] = []
        """Variables that begin so are settings, their values read as JSON."""
        self.closed = True
        self.open_because: Location | None = None
        self.routes: list[Route] = []
        self.knows_all_routes = True
        self.unseen: list[Location] = []
        self.may_answer = False
        """Whether something in front of the routes may answer for them."""
        self.reads: list[source.EnvRead] = []
        self.reads_all: Location | None = None
        self.extension_calls: list[source.ExtensionCall] = []
        self.run_calls: list[source.RunCall] = []
        self.schema_changes: list[source.SchemaChange] = []
        self.session_uses: list[source.SessionUse] = []
        self.uploads: list[source.UploadUse] = []
        self.global_writes: list[source.GlobalWrite] = []
        self.log_uses: list[source.LogUse] = []
        self.enqueues: list[source.Enqueue] = []
        self.imports: list[source.Import] = []
        """What the files of its unit import."""
        self.client_facts: list[source.ClientFact] = []
        self.databases: list[Value] = []
        self.requirements: list[Requirement] = []
        self.servers: list[Server] = []
        self.entries: list[Entry] = []
        self.served_modules: frozenset[str] = frozenset()
        self.direct_modules: frozenset[str] = frozenset()
        self.doubtful_modules: frozenset[str] = frozenset()
        self.known = False
        """Whether something certain starts it for production."""
        self.idle = False
        """Whether nothing starts it, though something starts another one of its unit."""
        self.handles_proxies = False
        """Whether its code reads the headers that proxies set."""
        self.limit_exemptions: list[source.LimitExemption] = []

    @property
    def title(self) -> str:
        """`module:name` or `module:factory()`."""
        module = self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        prefix = self.root.replace("/", ".") + "." if self.root else ""
        module = module.removeprefix(prefix)
        return f"{module}:{self.factory}()" if self.factory else f"{module}:{self.name}"

    def at(self, *keys: str | int) -> Location:
        """Where a setting has its production value, else where the application is made."""
        for value in self.settings.get(str(keys[0]), ()) if keys else ():
            return value.location
        return self.location

    def level(self, rule: Rule) -> Level | None:
        """Production only, and not where another one of its unit is what production runs."""
        return rule.level if self.role == "production" and not self.idle else None

    def production(self, key: str) -> list[ProductionValue]:
        """Every value that the key may have in production; none where it is never set."""
        return self.settings.get(key, [])

    def absent(self, rule_level: Level) -> Level | None:
        """The level of what is missing: lower where more configuration may exist."""
        if self.closed:
            return rule_level
        return None if rule_level == "note" else lower(rule_level)

    def served(self, path: str) -> bool:
        """Whether a server imports this file."""
        return path in self.served_modules

    def direct(self, path: str) -> bool:
        """Whether this file is run as a program."""
        return path in self.direct_modules

    def starts(self, guard: source.Guard) -> bool:
        """Whether code with this guard runs before the first request."""
        if guard.where == "import":
            return True
        return bool(self.factory) and guard.function.partition(".")[0] == self.factory

    @property
    def required(self) -> dict[str, list[source.EnvRead]]:
        """The variables without which its production code fails, with the places that read them."""
        found: dict[str, list[source.EnvRead]] = {}
        for read in self.reads:
            if read.strict and read.guard.condition != "dev" and read.guard.where != "main":
                found.setdefault(read.name, []).append(read)
        return found

    def extensions(self, *names: str) -> Iterator[source.ExtensionCall]:
        """The calls in its unit whose last name is one of these, outside of development code."""
        for call in self.extension_calls:
            if call.last in names and call.guard.condition != "dev":
                yield call

    @property
    def packages(self) -> frozenset[str] | None:
        """The names of everything that its dependency files ask for; None without such a file."""
        found = frozenset(one.name for one in self.requirements)
        return found or None

    def requires(self, *names: str) -> bool:
        """Whether one of these packages is asked for."""
        wanted = {normalised(name) for name in names}
        return any(one.name in wanted for one in self.requirements)

    def version(self, package: str) -> str:
        """The exact version of a package, else empty."""
        found = resolved(self.requirements, normalised(package))
        return found.version if found else ""

    def may_reach(self, package: str, version: str) -> bool:
        """Whether the package is asked for and may be this version or a later one."""
        return may_reach(self.requirements, normalised(package), version)

    @property
    def may_be_served(self) -> bool:
        """Whether a WSGI server is installed, though nothing here starts it."""
        return self.requires("gunicorn", "uwsgi", "pyuwsgi", "waitress", "hypercorn", "granian")

    @property
    def multi(self) -> bool | None:
        """Whether several processes certainly serve it; None when that cannot be known."""
        return _agreed({entry.multi for entry in self.serving})

    @property
    def replicated(self) -> bool | None:
        """As `multi`, for containers or machines: whether several of them serve it."""
        return _agreed({entry.replicas.multi for entry in self.serving})

    @property
    def serving(self) -> list[Entry]:
        """The entries of production that run it in a server."""
        return [one for one in self.entries if one.role == "production" and one.server]

    def scaled(self, level: Level) -> Level:
        """A level for state in one process: lower where there may be, or is, only one."""
        if self.multi is True:
            return level
        return "note" if self.multi is False else lower(level)

    def answers(self, path: str, method: str = "GET") -> Answer:
        """What a request for this path gets."""
        path = _plain(path)
        found = {route.answers(path, method) for route in self.routes}
        for answer in ("served", "redirects", "method", "maybe"):
            if answer in found:
                return answer
        return "maybe" if self.may_answer else "no"

    def view_of(self, path: str, method: str = "GET") -> Route | None:
        """The one route that certainly serves a path; None where several might."""
        found = [one for one in self.routes if one.answers(_plain(path), method) != "no"]
        sure = len(found) == 1 and found[0].answers(_plain(path), method) == "served"
        return found[0] if sure else None

    def nearest(self, path: str, count: int) -> list[Route]:
        """The routes whose rules are most like the path."""
        from difflib import SequenceMatcher

        def likeness(route: Route) -> float:
            return SequenceMatcher(None, route.path, path).ratio()

        return sorted(self.routes, key=lambda route: (-likeness(route), route.path))[:count]

    @property
    def paths(self) -> list[str]:
        """The rules of its routes."""
        return [route.path for route in self.routes]

    @property
    def probe_answers(self) -> list[Answer]:
        """What the probes of its entries get."""
        probes = (probe for entry in self.entries for probe in entry.probes)
        return [self.answers(probe.path) for probe in probes if probe.path is not None]

    @property
    def evidence(self) -> tuple[Location, ...]:
        return tuple(entry.location for entry in self.entries)[:5]


def _agreed(answers: set[bool | None]) -> bool | None:
    if True in answers:
        return True
    return False if answers == {False} else None


def _plain(path: str) -> str:
    """Without query and fragment, percent signs decoded."""
    path = re.split(r"[?#]", path, maxsplit=1)[0]
    return re.sub(
        r"%([0-9A-Fa-f]{2})", lambda found: chr(int(found[1], 16)) if found[1] < "8" else "?", path
    )
