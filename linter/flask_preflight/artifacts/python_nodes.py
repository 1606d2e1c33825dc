"""Reading the syntax tree of one Python file: names, places, literals and guards."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from flask_preflight.artifacts.source import Condition, Guard, Use
from flask_preflight.lazy import expression
from flask_preflight.result import Location, Region

_MAX_ABOVE = 200
_MAX_NAME = 200
_STRING = expression(r"(?i)[rbuft]{0,3}('''|\"\"\"|'|\")")
_ROUTES = frozenset(
    "route get post put delete patch errorhandler app_errorhandler add_url_rule".split()
)
_HOOKS = frozenset(
    "before_request after_request teardown_request before_app_request before_first_request "
    "after_app_request context_processor".split()
)
_CLI = frozenset(("command", "option", "group"))
_TASK = frozenset("task shared_task job scheduled_job periodic_task".split())
_DEVELOPMENT = expression(
    r"(?i)(?<![a-z])(?:debug|dev|devel|develop|development|local|test|tests|testing|reload|profile"
    r"|reloader)(?![a-z])"
)
_PRODUCTION = expression(r"(?i)(?<![a-z])prod(?:uction)?(?![a-z])")
_SCOPES = frozenset(("function_definition", "lambda"))
_NO_NAMES = frozenset(("True", "False", "None"))
AT_IMPORT = Guard()


class Source:
    """The text and names of a file while its tree is read."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.imports: dict[str, str] = {}
        self.guards: dict[int, Guard] = {}
        self.package = _package(path)
        self.starts = [0, *accumulate([len(line) + 1 for line in text.split("\n")])]

    def place(self, node: Any) -> Location:
        """The region of a node; 1-based, columns in code points."""
        # `range()` counts the columns from the start of the line, an edit knows its offsets.
        span = node.replace("")
        start, end, starts = span.start_pos, span.end_pos, self.starts
        first = last = bisect_right(starts, start)
        if last < len(starts) and end >= starts[last]:
            last = bisect_right(starts, end)
        region = Region(first, start - starts[first - 1] + 1, last, end - starts[last - 1] + 1)
        return Location(self.path, region)

    def dotted(self, node: Any, depth: int = 0) -> str:
        """The name of an expression, imports followed; calls end in "()"; "" for anything else."""
        if node is None or depth > 30:
            return ""
        span = node.replace("")
        if span.end_pos - span.start_pos < _MAX_NAME:
            text = self.text[span.start_pos : span.end_pos]
            if text.isidentifier():
                return "" if text in _NO_NAMES else self.imports.get(text, text)
            if text.replace(".", "").isidentifier():
                head, _, rest = text.partition(".")
                return f"{self.imports.get(head, head)}.{rest}"
        kind = node.kind()
        if kind == "identifier":
            name: str = node.text()
            return self.imports.get(name, name)
        if kind == "attribute":
            left = self.dotted(node.field("object"), depth + 1)
            return f"{left}.{node.field('attribute').text()}" if left else ""
        if kind == "call":
            left = self.dotted(node.field("function"), depth + 1)
            return f"{left}()" if left else ""
        if kind in ("parenthesized_expression", "await"):
            inner = children(node)
            return self.dotted(inner[0], depth + 1) if len(inner) == 1 else ""
        return ""

    def guard(self, node: Any) -> Guard:
        """When the code of a node runs."""
        parent = _statement(node)
        block = parent.parent()
        if block is not None and block.kind() == "module":
            return AT_IMPORT
        key = parent.replace("").start_pos
        if key not in self.guards:
            self.guards[key] = _guard(self, parent)
        return self.guards[key]


def _package(path: str) -> str:
    """The dotted package of a file, from the root."""
    return path.rpartition("/")[0].replace("/", ".")


def module_name(path: str) -> str:
    """The dotted name of a file, from the root."""
    name = re.sub(r"\.(?:py|pyw|wsgi)\Z", "", path).replace("/", ".")
    return name.removesuffix(".__init__")


def _statement(node: Any) -> Any:
    """The nearest node above whose parent is a block, or the node itself."""
    current, steps = node, 0
    while steps < _MAX_ABOVE:
        parent = current.parent()
        if parent is None or parent.kind() in ("block", "module"):
            return current
        current, steps = parent, steps + 1
    return node


def children(node: Any) -> list[Any]:
    """The named children without comments."""
    return [one for one in node.named_children() if one.kind() != "comment"]


def arguments(call: Any) -> Iterator[tuple[str, Any]]:
    """The arguments of a call: keywords by name, the others by position, "*" and "**" as such."""
    found = call.field("arguments")
    if found is None or found.kind() != "argument_list":
        return
    position = 0
    for one in children(found):
        kind = one.kind()
        if kind == "keyword_argument":
            name, value = one.field("name"), one.field("value")
            if name is not None and value is not None:
                yield name.text(), value
        elif kind == "list_splat":
            yield "*", one
        elif kind == "dictionary_splat":
            yield "**", one
        else:
            yield str(position), one
            position += 1


def literal(node: Any) -> Any:
    """The value of a literal; raises ValueError for anything else."""
    import ast

    text = node.text()
    if len(text) > 10_000:
        raise ValueError("too long")
    quote = text[:1]
    if quote in ("'", '"') and text[-1] == quote and text.count(quote) == 2 and "\\" not in text:
        return text[1:-1]
    try:
        return ast.literal_eval(text.strip())
    except (SyntaxError, TypeError, MemoryError, RecursionError) as fault:
        raise ValueError(str(fault)) from None


def string(node: Any) -> str | None:
    """The text of a string literal without expressions in it; None for anything else."""
    if node is None or node.kind() not in ("string", "concatenated_string"):
        return None
    try:
        found = literal(node)
    except ValueError:
        return None
    return found if isinstance(found, str) else None


# Guards


def _guard(source: Source, statement: Any) -> Guard:
    """Looks at everything around a statement, from the inside out."""
    found = _Around()
    current, steps = statement, 0
    while current is not None and steps < _MAX_ABOVE:
        parent = current.parent()
        if parent is not None:
            _look(source, parent, current, found)
        current, steps = parent, steps + 1
    return found.guard()


class _Around:
    def __init__(self) -> None:
        self.names: list[str] = []
        self.use: Use = ""
        self.condition: Condition = ""
        self.main = self.caught = self.loop = self.checking = self.branch = False
        self.tested: list[str] = []
        self.classes: list[str] = []
        self.in_function = False

    def guard(self) -> Guard:
        where = "function" if self.in_function else "main" if self.main else "import"
        scope = ".".join(reversed(self.classes))
        function = ".".join(reversed(self.names)) if self.in_function else ""
        condition: Condition = "dev" if self.checking else self.condition
        tested = tuple(self.tested)
        return Guard(
            where,  # type: ignore[arg-type]
            function,
            self.use,
            condition,
            self.caught,
            self.loop,
            tested,
            scope,
            self.branch,
        )


def _look(source: Source, parent: Any, child: Any, found: _Around) -> None:
    kind = parent.kind()
    if kind in _SCOPES:
        name = parent.field("name")
        found.names.append(name.text() if name is not None else "<lambda>")
        found.in_function = True
        found.caught = found.loop = False
        found.use = _use(source, parent) or found.use
    elif kind == "class_definition":
        name = parent.field("name")
        if name is not None:
            found.names.append(name.text())
            found.classes.append(name.text())
    elif kind in ("if_statement", "elif_clause", "else_clause", "conditional_expression"):
        _branch(parent, child, found)
    elif kind in ("for_statement", "while_statement"):
        found.loop = True
    elif kind == "except_clause":
        found.branch = True
    elif kind == "try_statement":
        inside = parent.field("body")
        if inside is not None and inside == child:
            found.caught = True


def _use(source: Source, function: Any) -> Use:
    parent = function.parent()
    if parent is None or parent.kind() != "decorated_definition":
        return "route" if _is_method_of_view(function) else ""
    for one in parent.children():
        if one.kind() == "decorator":
            inner = children(one)
            name = source.dotted(inner[0]).removesuffix("()") if inner else ""
            last = name.rpartition(".")[2]
            if last in _ROUTES:
                return "route"
            if last in _HOOKS:
                return "hook"
            if last in _TASK:
                return "task"
            if last in _CLI or ".cli." in name:
                return "cli"
    return ""


def _is_method_of_view(function: Any) -> bool:
    name = function.field("name")
    if name is None or name.text() not in (
        "get",
        "post",
        "put",
        "patch",
        "delete",
        "dispatch_request",
    ):
        return False
    block = function.parent()
    owner = block.parent() if block is not None else None
    if owner is None or owner.kind() != "class_definition":
        return False
    bases = owner.field("superclasses")
    return bases is not None and re.search(r"View|Resource", bases.text()) is not None


def _branch(parent: Any, child: Any, found: _Around) -> None:
    """What the condition says about the branch that holds the child."""
    if parent.kind() == "else_clause":
        return
    condition = parent.field("condition")
    if condition is None or condition == child:
        return
    text = condition.text()
    taken = parent.field("consequence") == child
    if "__name__" in text and "__main__" in text:
        found.main = found.main or (taken and not found.in_function)
        return
    found.branch = True
    if "TYPE_CHECKING" in text and taken:
        found.checking = True
    found.tested += ["sqlite"] if "sqlite" in text and taken else []
    found.tested += re.findall(r"[\"']([A-Z][A-Z0-9_]{0,60})[\"']", text)
    found.condition = found.condition or condition_of(text, taken)


def condition_of(text: str, taken: bool) -> Condition:
    """Whether the branch of a condition that is taken, or not, is for development or production."""
    prod = _PRODUCTION.search(text) is not None
    if not prod and not _DEVELOPMENT.search(_words(text)):
        return ""
    negated = re.match(r"\s*not\b", text) is not None or "!=" in text
    return "prod" if taken == (prod != negated) else "dev"


def _words(text: str) -> str:
    """The text with words in snake case set apart."""
    return text.replace("_", " ")
