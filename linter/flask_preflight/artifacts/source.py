"""What a Python file leaves behind for the whole repository: small facts, each with its place."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from flask_preflight.result import Fix, Location, Replacement

Where = Literal["import", "main", "function"]
Use = Literal["", "route", "hook", "cli", "task"]
Condition = Literal["", "dev", "prod"]
ValueKind = Literal[
    "literal", "env", "file", "random", "mapping", "choice", "reference", "call", "unknown"
]
HOLE = "\x00"
"""Stands in a text for a part that is not known."""


class Guard(NamedTuple):
    """When a piece of code runs.

    `where`: when its module is imported, when the module is the program, or when a function is
    called; `function` is the outermost one ("Class.method" in a class), `use` what it is for.
    `condition` is "dev" inside of a branch for development or tests, "prod" in the opposite one.
    `caught`: a failure is caught around it; `loop`: it is in a loop; `tested`: the names that are
    asked for in conditions around it. `branch`: some condition decides whether it runs.
    """

    where: Where = "import"
    function: str = ""
    use: Use = ""
    condition: Condition = ""
    caught: bool = False
    loop: bool = False
    tested: tuple[str, ...] = ()
    scope: str = ""
    branch: bool = False

    @property
    def counts(self) -> bool:
        """Whether a server in production may run it: no program's own code, no command line."""
        return self.condition != "dev" and self.where != "main" and self.use != "cli"


class Value(NamedTuple):
    """What an expression evaluates to, as far as one file tells.

    literal: `literal`. env: read from the variables `names`, with `literal` where nothing provides
    one (if `has_default`; `fallback` is its place). reference: a name of another module, ending in
    "[]" for an item of it, with the value of the key in `literal`. call: the result of calling
    `reference`, with the arguments in `literal` where it may make an application. mapping: pairs
    of a text and a value in `literal`. choice: one of the values in `literal`. `boolean`: turned
    into a truth value, or a number, on the way; `cast`: into another type. A text may hold `HOLE`s.
    """

    kind: ValueKind
    location: Location
    literal: Any = None
    names: tuple[str, ...] = ()
    has_default: bool = False
    fallback: Location | None = None
    boolean: bool = False
    cast: str = ""
    reference: str = ""

    @property
    def is_text(self) -> bool:
        """Whether it is, or falls back to, a text of which something is known."""
        return isinstance(self.literal, (str, bytes)) and (
            self.kind == "literal" or self.kind == "env" and self.has_default
        )

    @property
    def text(self) -> str:
        """The known text, or that of the default; empty if there is none."""
        if not self.is_text:
            return ""
        return self.literal.decode("latin-1") if isinstance(self.literal, bytes) else self.literal

    @property
    def is_on(self) -> bool:
        """Whether it is written as something that is true."""
        written = self.kind == "literal" and isinstance(self.literal, (bool, int, str))
        return written and bool(self.literal)

    @property
    def is_off(self) -> bool:
        """Whether it is written as False or None."""
        return self.kind == "literal" and (self.literal is False or self.literal is None)

    @property
    def on_by_default(self) -> bool:
        """Whether it is true unless a variable says otherwise."""
        words = (True, "1", "True", "true", "yes", "on")
        return self.kind == "env" and self.has_default and self.literal in words

    @property
    def required(self) -> bool:
        """Whether it is a variable without a default."""
        return self.kind == "env" and not self.has_default

    def instead(self, text: str, near: Location) -> Fix | None:
        """Write something else for a truth value; none where it is not written beside `near`."""
        first, last = near.region.start_line, max(near.region.end_line, near.region.start_line)
        where = self.location
        beside = where.path == near.path and first <= where.region.start_line <= last
        if self.kind != "literal" or not isinstance(self.literal, bool) or not beside:
            return None
        return Fix(f"write {text}", (Replacement(where.path, where.region, text),), safe=True)

    @property
    def place(self) -> Location:
        """Where the literal is written."""
        return self.fallback or self.location


class Import(NamedTuple):
    """A module, or a name in one, that a file imports, as an absolute dotted name."""

    path: str
    target: str
    name: str
    location: Location
    star: bool = False
    caught: bool = False
    """Whether the code goes on when it fails."""
    alone: bool = False
    """Whether its statement, at `location`, imports nothing else and under no other name."""

    @property
    def dotted(self) -> str:
        return f"{self.target}.{self.name}" if self.name and not self.star else self.target


class Constant(NamedTuple):
    """A name bound in a module, or in a class of it."""

    path: str
    name: str
    value: Value
    guard: Guard
    location: Location


class Class(NamedTuple):
    """A class with its bases (dotted) and the names bound in its body, in their order."""

    path: str
    name: str
    bases: tuple[str, ...]
    values: tuple[Constant, ...]
    methods: tuple[str, ...]
    location: Location


class Setting(NamedTuple):
    """One key of Flask's configuration, set on an application object; `owner` is its name."""

    path: str
    owner: str
    key: str
    value: Value
    guard: Guard
    location: Location
    only_if_unset: bool = False


class Loaded(NamedTuple):
    """Configuration taken from somewhere: `how` is the method, `source` what it is given.

    `optional`: a parameter that nobody has to give, as tests do.
    """

    path: str
    owner: str
    how: str
    source: Value
    guard: Guard
    location: Location
    optional: bool = False


class AppObject(NamedTuple):
    """A Flask application is made; `name` is what it is bound to, `made_by` the class (dotted)."""

    path: str
    name: str
    made_by: str
    arguments: tuple[tuple[str, Value], ...]
    guard: Guard
    location: Location


class Function(NamedTuple):
    """A function: what it returns (dotted calls and names), its parameters and their defaults."""

    path: str
    name: str
    returns: tuple[str, ...]
    defaults: tuple[tuple[str, Value], ...]
    location: Location
    parameters: tuple[str, ...] = ()


class RunCall(NamedTuple):
    """A server is started by the program itself. `owner` is the object, `sure` that it is Flask."""

    path: str
    owner: str
    how: str
    arguments: tuple[tuple[str, Value], ...]
    guard: Guard
    location: Location
    sure: bool = True

    def argument(self, name: str) -> Value | None:
        return next((value for key, value in self.arguments if key == name), None)


class ExtensionCall(NamedTuple):
    """A call of something that is imported, `name` is its dotted name; positional ones are "0".

    `alone`: it is a statement, so what it returns is dropped.
    """

    path: str
    name: str
    target: str
    arguments: tuple[tuple[str, Value], ...]
    guard: Guard
    location: Location
    alone: bool = False

    def argument(self, *names: str) -> Value | None:
        return next((value for key, value in self.arguments if key in names), None)

    @property
    def last(self) -> str:
        return self.name.rpartition(".")[2]


class ViewFunction(NamedTuple):
    """What can be told of a function that a decorator makes a view.

    `decorators`: those under the rule, from above, imports followed: `m.name(args)`; Flask serves
    the view with just these. `touches`: "database", "cache" or "service" where it certainly waits
    for one and does nothing about a failure.
    """

    decorators: tuple[str, ...]
    touches: str


class Decorated(NamedTuple):
    """A rule of URLs: `rule` None where it is not a literal; `methods` None: those of the view."""

    path: str
    owner: str
    rule: str | None
    methods: tuple[str, ...] | None
    view: str
    guard: Guard
    location: Location
    loose: bool = False
    """Whether a slash at the end does not matter."""
    function: ViewFunction | None = None


class LimitExemption(NamedTuple):
    """A file takes some requests out of Flask-Limiter's default limits."""

    path: str


class LooseSlashes(NamedTuple):
    """An application is told that slashes at the end of its rules do not matter."""

    path: str
    owner: str
    location: Location


class BlueprintObject(NamedTuple):
    """A blueprint (or namespace) with the prefix of its own; `prefix` HOLE where it is unknown."""

    path: str
    name: str
    prefix: str
    location: Location
    guard: Guard


class Registration(NamedTuple):
    """A blueprint is registered; `prefix` None: its own counts."""

    path: str
    owner: str
    blueprint: str
    prefix: str | None
    guard: Guard
    location: Location


class EnvRead(NamedTuple):
    """A variable of the environment is read; `strict`: without it the code fails.

    `in_factory`: in the function that makes the application, as linking finds out.
    """

    path: str
    name: str
    value: Value
    strict: bool
    guard: Guard
    location: Location
    in_factory: bool = False

    @property
    def at_start(self) -> bool:
        """Whether it is read before the first request."""
        return self.guard.where == "import" or self.in_factory


class Reader(NamedTuple):
    """A function that reads the variable which its first parameter names."""

    path: str
    name: str
    parameter: str
    prefix: str = ""
    default: str = ""
    """The name of its second parameter, and `fallback` the default of that one."""
    fallback: Value | None = None
    boolean: bool = False
    cast: str = ""
    strict: bool = False
    """Whether it fails without the variable, unless a default is given."""


class HelpedRead(NamedTuple):
    """A call of another module's function that may read a variable for its caller."""

    path: str
    value: Value
    guard: Guard
    location: Location


class Wholesale(NamedTuple):
    """The environment is taken as a whole, or filled from a file."""

    path: str
    what: str
    location: Location


class SchemaChange(NamedTuple):
    """Tables are made or migrations run from the code."""

    path: str
    what: str
    guard: Guard
    location: Location


class DatabaseUse(NamedTuple):
    """A database is opened by its address."""

    path: str
    value: Value
    guard: Guard
    location: Location


class ClientFact(NamedTuple):
    """Something that the application believes about the client: `what` is the expression."""

    path: str
    what: str
    location: Location


class ForwardedHeader(NamedTuple):
    """The code reads a header that proxies set about the client."""

    path: str
    location: Location


class SessionUse(NamedTuple):
    """The session, or an extension that keeps itself in it, is used."""

    path: str
    what: str
    location: Location


class UploadUse(NamedTuple):
    """Files that clients send are read: `what` is the expression."""

    path: str
    what: str
    location: Location


class GlobalWrite(NamedTuple):
    """Code changes something that is bound in a module; the first place for each name."""

    path: str
    name: str
    guard: Guard
    location: Location


class Enqueue(NamedTuple):
    """A job is put into a queue for a worker of `library`, "celery" or "rq"."""

    path: str
    library: str
    guard: Guard
    location: Location


class LogUse(NamedTuple):
    """How a file logs: below the level of warnings ("info"), after each request ("request"), or it
    sets logging up ("setup")."""

    path: str
    what: Literal["info", "setup", "request"]
    location: Location


class Dynamic(NamedTuple):
    """Routes may come from somewhere that is not written here."""

    path: str
    what: str
    guard: Guard
    location: Location


class Handler(NamedTuple):
    """A function that may answer a request before the view does; `what` names the hook."""

    path: str
    what: str
    location: Location


class ModuleFact(NamedTuple):
    """A Python file: its dotted name from the root, and whether it could be parsed."""

    path: str
    name: str
    imports_flask: bool
    is_whole: bool
