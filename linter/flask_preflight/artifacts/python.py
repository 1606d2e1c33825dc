"""One Python file: its names, calls and values, and the facts it leaves behind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any, NamedTuple

from flask_preflight.artifacts.source import Guard, Value
from flask_preflight.facts import lower
from flask_preflight.lazy import expression
from flask_preflight.result import Level, Location
from flask_preflight.rule import Rule
from flask_preflight.run import File, Notes, Role

_TOOLS = expression(
    r"\A(?:bin|tools?|hack|ops|ci)/|(?:\A|/)(?:attic|scripts?)/"
    r"|(?:\A|/)(?:cli|commands|management)(?:/|\.py\Z)|(?:\A|/)manage\.py\Z"
)
_ASIDE = expression(
    r"test|mock|fake|dev|debug|local|sandbox|seed|populate|demo|fixture|sample|example"
)
_TEMPLATE = expression(r"\{\{.{0,200}\}\}|\{%.{0,200}%\}")
_MIGRATION = expression(
    r"(?:^|/)(?:migrations|alembic)/(?:versions/.*|env)\.py\Z|/versions/\w+\.py\Z"
)


class Call:
    """A call: `name` is what is called, imports followed; the rest is worked out when asked for."""

    def __init__(self, name: str, node: Any, evaluator: Any) -> None:
        # The evaluator knows no module: a circle would keep the tree of every file.
        self.name = name
        self._node = node
        self._evaluator = evaluator

    @property
    def last(self) -> str:
        return self.name.rpartition(".")[2]

    @cached_property
    def arguments(self) -> tuple[tuple[str, Value], ...]:
        """By keyword, or by position ("0", "1", …); "*" and "**" where more may come."""
        found: tuple[tuple[str, Value], ...] = self._evaluator.arguments(self._node)
        return found

    @cached_property
    def guard(self) -> Guard:
        found: Guard = self._evaluator.source.guard(self._node)
        return found

    @cached_property
    def location(self) -> Location:
        found: Location = self._evaluator.source.place(self._node)
        return found

    def argument(self, *names: str) -> Value | None:
        """The first argument of one of these names."""
        return next((value for key, value in self.arguments if key in names), None)

    @property
    def is_local(self) -> bool:
        """Whether a function around it binds the name before the first dot."""
        found: bool = self._evaluator.is_local(self.name.partition(".")[0], self._node)
        return found

    def from_request(self, *names: str) -> bool:
        """Whether one of these arguments holds what a client sent, unchecked in its function."""
        given = self._evaluator.nodes(self._node)
        return any(name in given and self._evaluator.from_request(given[name]) for name in names)

    def built(self, *names: str) -> bool:
        """Whether one of these arguments is a text that is put together from others."""
        given = self._evaluator.nodes(self._node)
        return any(name in given and self._evaluator.is_built(given[name]) for name in names)

    @property
    def receiver(self) -> Call | None:
        """The call whose result it is a method of: `getLogger("x")` in `getLogger("x").info()`."""
        function = self._node.field("function")
        inner = function.field("object") if function.kind() == "attribute" else None
        if inner is None or inner.kind() != "call":
            return None
        return Call(self.name.rpartition(".")[0].removesuffix("()"), inner, self._evaluator)

    @property
    def is_statement(self) -> bool:
        """Whether it is a statement of its own, whose result nobody wants."""
        above = self._node.parent()
        return above is not None and above.kind() == "expression_statement"

    @property
    def is_open(self) -> bool:
        """Whether more arguments come from a mapping or list that is not written out."""
        return any(key in ("*", "**") for key, _ in self.arguments)


class Assigned:
    """A value is bound to an attribute: `session.verify = False`. All is worked out when asked."""

    def __init__(self, node: Any, right: Any, evaluator: Any) -> None:
        self._node = node
        self._right = right
        self._evaluator = evaluator

    @cached_property
    def name(self) -> str:
        """The dotted name, imports followed."""
        found: str = self._evaluator.source.dotted(self._node)
        return found

    @cached_property
    def value(self) -> Value:
        found: Value = self._evaluator.value(self._right)
        return found

    @property
    def is_local(self) -> bool:
        """Whether a function around it binds the name before the first dot."""
        found: bool = self._evaluator.is_local(self.name.partition(".")[0], self._node)
        return found

    @cached_property
    def guard(self) -> Guard:
        found: Guard = self._evaluator.source.guard(self._node)
        return found

    @cached_property
    def location(self) -> Location:
        found: Location = self._evaluator.source.place(self._node)
        return found


class Named(NamedTuple):
    """A literal that is bound to a name: assignment, keyword argument, key or default.

    `how` says in which of these ways; `in_call` is what is called where it is an argument.
    """

    name: str
    value: Value
    how: str
    guard: Guard
    location: Location
    in_call: str = ""

    @property
    def counts(self) -> bool:
        """Whether it takes effect in production, by where it stands."""
        guard = self.guard
        if not guard.counts:
            return False
        return not _ASIDE.search(f"{guard.scope}.{guard.function}.{self.in_call}".lower())


class Module:
    """A Python file. `is_whole` is false where a part of it could not be parsed."""

    def __init__(self, file: File) -> None:
        self.path = file.path
        self.role: Role = file.role
        self.is_migration = _MIGRATION.search(file.path) is not None
        self.is_whole = True
        self.imports: dict[str, str] = {}
        self.calls_by_name: dict[str, list[Call]] = {}
        self.assigned_by_name: dict[str, list[Assigned]] = {}
        self.filled: list[Assigned] = []
        """What gets an item: `NAME[key] = value`; `name` is that of the whole."""
        self.literals: list[Named] = []
        self.collected: list[object] = []
        self.compared: frozenset[str] = frozenset()
        """Texts that are compared with something in a condition that raises or exits."""

    @property
    def is_tool(self) -> bool:
        """Whether its path says that people run it, not a server."""
        return _TOOLS.search(self.path) is not None

    def calls(self, *last_names: str) -> Iterator[Call]:
        """The calls of what ends in one of these names."""
        for name in last_names:
            yield from self.calls_by_name.get(name, ())

    def assigned(self, *last_names: str) -> Iterator[Assigned]:
        """What is bound to attributes of these names."""
        for name in last_names:
            yield from self.assigned_by_name.get(name, ())

    def at(self, *keys: str | int) -> Location:
        return Location(self.path)

    def level(self, rule: Rule) -> Level | None:
        """Production, and development where a rule says so; migrations have rules of their own."""
        if self.is_migration:
            return None
        if self.role == "production":
            return rule.level
        return lower(rule.level) if self.role == "development" and rule.development else None

    def facts(self) -> Iterable[object]:
        return self.collected


def read(file: File, text: str, notes: Notes) -> Iterable[Module]:
    """The module of a file; none where it is a template for one, a test or an example.

    What Python itself refuses is among the notes; the rest of the file still counts.
    """
    if file.role in ("test", "example"):
        return []
    if file.role == "template":
        return []
    from ast_grep_py import SgRoot

    from flask_preflight.artifacts.python_reader import collect

    if _too_deep(text):
        notes.unparsed(file.path, "nested deeper than Python accepts")
        return []
    root = SgRoot(text, "python").root()
    module = Module(file)
    collect(module, root, text)
    if module.is_whole:
        return [module]
    if _TEMPLATE.search(text):
        notes.skipped(file.path, "template of a Python file")
        return []
    _refuse(file, text, notes)
    return [module]


def _too_deep(text: str) -> bool:
    """Whether brackets are nested beyond what CPython takes; strings may make it look deeper."""
    from flask_preflight.limits import MAX_PYTHON_PARENTHESES

    if text.count("(") + text.count("[") + text.count("{") <= MAX_PYTHON_PARENTHESES:
        return False
    depth = deepest = 0
    for letter in re.findall(r"[()\[\]{}]", text):
        depth = depth + 1 if letter in "([{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest > MAX_PYTHON_PARENTHESES


def _refuse(file: File, text: str, notes: Notes) -> None:
    """Ask Python whether it refuses the file; newer syntax than this Python knows is no fault."""
    import ast
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as fault:
        line = getattr(fault, "lineno", None) or 1
        column = getattr(fault, "offset", None) or 1
        if "<<<<<<<" in text:
            notes.unparsed(file.path, "merge conflict marker", line, max(1, column))
        elif file.role in ("production", "development"):
            reason = getattr(fault, "msg", None) or "nested deeper than Python accepts"
            notes.unparsed(file.path, str(reason), line, max(1, column))
