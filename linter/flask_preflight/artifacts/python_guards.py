"""When each piece of a Python file runs: the compound statements around it, and what they say."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from flask_preflight.artifacts.source import Condition, Guard, Use, Where
from flask_preflight.lazy import expression

BLOCKS = (
    "decorated_definition",
    "function_definition",
    "class_definition",
    "if_statement",
    "elif_clause",
    "for_statement",
    "while_statement",
    "try_statement",
    "except_clause",
)
"""The kinds of nodes that decide when the code in them runs."""
_ROUTES = frozenset(
    "route get post put delete patch errorhandler app_errorhandler add_url_rule".split()
)
_HOOKS = frozenset(
    "before_request after_request teardown_request before_app_request before_first_request "
    "after_app_request context_processor".split()
)
_CLI = frozenset(("command", "option", "group"))
_TASK = frozenset("task shared_task job scheduled_job periodic_task".split())
_VIEWS = frozenset("get post put patch delete dispatch_request".split())
_DEVELOPMENT = expression(
    r"(?i)(?<![a-z])(?:debug|dev|devel|develop|development|local|test|tests|testing|reload|profile"
    r"|reloader)(?![a-z])"
)
_PRODUCTION = expression(r"(?i)(?<![a-z])prod(?:uction)?(?![a-z])")
_VIEW_CLASS = expression(r"View|Resource")
_MAX_CONDITION = 2_000
_MAX_PROGRAM = 5_000
AT_IMPORT = Guard()
Dotted = Callable[[Any], str]


class Blocks:
    """The compound statements of a file, by where they are; nodes come in document order.

    Asking a node for its parent costs as much as the node is deep, or has elder siblings.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.above: list[int] = []
        self.inside: list[bool] = []
        """Whether each of them is a function, or in one."""
        self.kinds: list[str] = []
        self.nodes: list[Any] = []
        self.guards: dict[tuple[int, int], Guard] = {}
        self.spans: dict[int, tuple[int, int]] = {}

    def add(self, kind: str, node: Any) -> None:
        span = node.replace("")
        above = len(self.starts) - 1
        while above >= 0 and self.ends[above] <= span.start_pos:
            above = self.above[above]
        self.starts.append(span.start_pos)
        self.ends.append(span.end_pos)
        self.above.append(above)
        self.inside.append(kind == "function_definition" or above >= 0 and self.inside[above])
        self.kinds.append(kind)
        self.nodes.append(node)

    def innermost(self, offset: int) -> int:
        """The number of the innermost statement that begins before an offset and holds it."""
        index = bisect_left(self.starts, offset) - 1
        while index >= 0 and self.ends[index] <= offset:
            index = self.above[index]
        return index

    def function(self, offset: int) -> int:
        """The number of the innermost function around an offset; -1 outside of all."""
        index = self.innermost(offset)
        while index >= 0 and self.kinds[index] != "function_definition":
            index = self.above[index]
        return index

    def in_function(self, offset: int) -> bool:
        index = self.innermost(offset)
        return index >= 0 and self.inside[index]

    def around(self, offset: int) -> Iterator[tuple[str, Any]]:
        """The statements that hold an offset, with their kinds, innermost first."""
        index = self.innermost(offset)
        while index >= 0:
            yield self.kinds[index], self.nodes[index]
            index = self.above[index]

    def guard(self, offset: int, dotted: Dotted) -> Guard:
        """When the code at an offset runs; `dotted` gives the names of decorators."""
        index = self.innermost(offset)
        if index < 0:
            return AT_IMPORT
        key = (index, self._part(index, offset))
        if key not in self.guards:
            self.guards[key] = self._guard(*key, dotted)
        return self.guards[key]

    def _part(self, index: int, offset: int) -> int:
        """Where in a statement: 0 in its head, 1 in its first block, 2 after that."""
        if index not in self.spans:
            self.spans[index] = self._body(index)
        begin, end = self.spans[index]
        return 0 if offset < begin else 1 if offset < end else 2

    def _body(self, index: int) -> tuple[int, int]:
        chosen = "consequence" if self.kinds[index] in ("if_statement", "elif_clause") else "body"
        node = self.nodes[index].field(chosen)
        if node is None:
            return self.starts[index], self.ends[index]
        span = node.replace("")
        return span.start_pos, span.end_pos

    def _guard(self, index: int, part: int, dotted: Dotted) -> Guard:
        """Look at everything around, from the inside out."""
        found = _Around()
        while index >= 0:
            self._look(index, part, found, dotted)
            start, index = self.starts[index], self.above[index]
            part = self._part(index, start) if index >= 0 else 0
        return found.guard()

    @cached_property
    def programs(self) -> frozenset[str]:
        """Functions that only the program itself calls: `if __name__ == "__main__": main()`.

        One that returns something may be a factory, which a server calls.
        """
        start = self.text.rfind("__main__")
        if start < 0:
            return frozenset()
        tail = self.text[start : start + _MAX_PROGRAM]
        called = frozenset(re.findall(r"^[ \t]+(?:\w+ = )?(\w+)\(", tail, re.MULTILINE))
        return frozenset(name for name in called if self._only_there(name, start))

    def _only_there(self, name: str, start: int) -> bool:
        found = re.search(rf"^def {name}\(.*(?:\n(?:[ \t#)].*)?)*", self.text, re.MULTILINE)
        if found is None or re.search(r"\breturn[ \t]+[^\s#]|\byield\b", found[0]):
            return False
        uses = re.finditer(rf"\b{name}\b", self.text)
        return all(use.start() > start or use.start() == found.start() + 4 for use in uses)

    def _look(self, index: int, part: int, found: _Around, dotted: Dotted) -> None:
        kind, node = self.kinds[index], self.nodes[index]
        if kind == "function_definition" and part:
            found.names.append(_named(node))
            found.in_function = True
            found.main = found.main or self.above[index] < 0 and found.names[-1] in self.programs
            found.use = self._use(index, dotted) or found.use
        elif kind == "class_definition" and part:
            found.names.append(_named(node))
            found.classes.append(found.names[-1])
        elif kind in ("if_statement", "elif_clause") and part:
            self._branch(node, part == 1, found)
        elif kind in ("for_statement", "while_statement"):
            found.loop = found.loop or not found.in_function
        elif kind == "except_clause":
            found.branch = True
        elif kind == "try_statement" and part == 1 and not found.in_function:
            found.caught = found.caught or any(
                one.kind() in ("except_clause", "except_group_clause")
                for one in node.named_children()
            )

    def _branch(self, node: Any, taken: bool, found: _Around) -> None:
        """What the condition says about one of its branches."""
        condition = node.field("condition")
        if condition is None:
            return
        span = condition.replace("")
        text = self.text[span.start_pos : min(span.end_pos, span.start_pos + _MAX_CONDITION)]
        if "__name__" in text and "__main__" in text:
            found.main = found.main or (taken and not found.in_function)
            return
        found.branch = True
        if "TYPE_CHECKING" in text and taken:
            found.checking = True
        found.tested += ["sqlite"] if "sqlite" in text and taken else []
        found.tested += re.findall(r"[\"']([A-Z][A-Z0-9_]{0,60})[\"']", text)
        found.condition = found.condition or condition_of(text, taken)

    def _use(self, index: int, dotted: Dotted) -> Use:
        above = self.above[index]
        if above < 0 or self.kinds[above] != "decorated_definition":
            return "route" if self._is_view(index, above) else ""
        for one in self.nodes[above].named_children():
            if one.kind() != "decorator":
                continue
            inner = [child for child in one.named_children() if child.kind() != "comment"]
            name = dotted(inner[0]).removesuffix("()") if inner else ""
            use = _use_of(name)
            if use:
                return use
        return ""

    def _is_view(self, index: int, above: int) -> bool:
        """Whether a function is a method that answers requests."""
        if above < 0 or self.kinds[above] != "class_definition":
            return False
        bases = self.nodes[above].field("superclasses")
        named = _named(self.nodes[index]) in _VIEWS
        return named and bases is not None and _VIEW_CLASS.search(bases.text()) is not None


class _Around:
    """What is known of the surroundings so far."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.use: Use = ""
        self.condition: Condition = ""
        self.main = self.caught = self.loop = self.checking = self.branch = False
        self.tested: list[str] = []
        self.classes: list[str] = []
        self.in_function = False

    def guard(self) -> Guard:
        where: Where = "main" if self.main else "function" if self.in_function else "import"
        return Guard(
            where,
            ".".join(reversed(self.names)) if self.in_function else "",
            self.use,
            "dev" if self.checking else self.condition,
            self.caught,
            self.loop,
            tuple(self.tested),
            ".".join(reversed(self.classes)),
            self.branch,
        )


def _named(node: Any) -> str:
    name = node.field("name")
    return str(name.text()) if name is not None else ""


def _use_of(decorator: str) -> Use:
    """What a function is for, by the name of a decorator."""
    last = decorator.rpartition(".")[2]
    if last in _ROUTES:
        return "route"
    if last in _HOOKS:
        return "hook"
    if last in _TASK:
        return "task"
    return "cli" if last in _CLI or ".cli." in decorator else ""


def condition_of(text: str, taken: bool) -> Condition:
    """Whether the branch of a condition that is taken, or not, is for development or production."""
    prod = _PRODUCTION.search(text) is not None
    # Words in snake case count one by one.
    if not prod and not _DEVELOPMENT.search(text.replace("_", " ")):
        return ""
    negated = re.match(r"\s*not\b", text) is not None or "!=" in text or " is None" in text
    return "prod" if taken == (prod != negated) else "dev"
