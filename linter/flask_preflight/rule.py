"""What a rule is, and the table of all rules by the type that their check asks for."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from inspect import signature
from types import UnionType
from typing import Any, Literal, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

from flask_preflight.result import Fix, Level, Location, Message, Replacement, Result, several

__all__ = [
    "RULES",
    "SECTIONS",
    "Fix",
    "Level",
    "Location",
    "Message",
    "Replacement",
    "Result",
    "Results",
    "Rule",
    "Section",
    "load",
    "rule",
    "several",
]

Section = Literal[
    "wsgi",
    "container",
    "orchestration",
    "ci-cd",
    "configuration",
    "observability",
    "security",
    "scaling",
    "recovery",
]
SECTIONS: tuple[Section, ...] = get_args(Section)
Sees = Literal["written", "absent", "relation"]
Results = Iterator[Result]
Check = TypeVar("Check", bound=Callable[..., Results])


class Rule(NamedTuple):
    """One rule. `known_as` holds CWE and CIS numbers and peers' ids (`~id`: merely related).

    `sees`: something written, something absent, or a relation between two artifacts; the role
    tables of the parts depend on it. `development`: it also judges worlds that are for development,
    one level lower.
    """

    id: str
    name: str
    level: Level
    section: Section
    known_as: tuple[str, ...]
    sees: Sees
    enabled: bool
    check: Callable[..., Results]
    development: bool = False

    @property
    def module(self) -> str:
        return self.check.__module__

    @property
    def doc(self) -> str:
        """The docstring of the rule's file; read from the source under `-OO`."""
        module = sys.modules[self.module]
        if module.__doc__:
            return module.__doc__
        import ast

        with open(str(module.__file__), encoding="utf-8") as source:
            return ast.get_docstring(ast.parse(source.read()), clean=False) or ""

    @property
    def messages(self) -> tuple[Message, ...]:
        """Every sentence this rule can say."""
        values = vars(sys.modules[self.module]).values()
        return tuple(value for value in values if isinstance(value, Message))

    @property
    def options(self) -> dict[str, Any]:
        """The check's keyword-only parameters with their defaults."""
        parameters = signature(self.check).parameters.values()
        return {p.name: p.default for p in parameters if p.kind is p.KEYWORD_ONLY}


RULES: dict[type, list[Rule]] = {}
"""The rules by the type of part that their check takes. The engine knows nothing else of them."""


def rule(
    id: str,
    name: str,
    level: Level,
    section: Section,
    *known_as: str,
    sees: Sees = "written",
    enabled: bool = True,
    development: bool = False,
) -> Callable[[Check], Check]:
    """Register a check for the type of its first parameter, or for each member of a union."""

    def register(check: Check) -> Check:
        made = Rule(id, name, level, section, known_as, sees, enabled, check, development)
        for part in _parts(check):
            RULES.setdefault(part, []).append(made)
        return check

    return register


def _parts(check: Callable[..., Results]) -> tuple[type, ...]:
    parameter = check.__code__.co_varnames[0]
    annotation = check.__annotations__[parameter]
    if isinstance(annotation, str):
        annotation = get_type_hints(check)[parameter]
    origin: Any = get_origin(annotation)
    if origin is Union or origin is UnionType:
        return get_args(annotation)
    return (annotation,)


_loaded: set[str] = set()


def load(package: str) -> None:
    """Import the rules of one folder of `flask_preflight_rules`, in the order of their names."""
    if package in _loaded:
        return
    _loaded.add(package)
    name = f"flask_preflight_rules.{package}"
    folder = import_module(name).__path__[0]
    for entry in sorted(os.listdir(folder)):
        if entry.endswith(".py") and not entry.startswith("_"):
            import_module(f"{name}.{entry[:-3]}")
