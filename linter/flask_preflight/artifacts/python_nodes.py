"""Reading the syntax tree of one Python file: names, places, literals and guards."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from flask_preflight.artifacts.python_guards import Blocks
from flask_preflight.artifacts.source import Guard
from flask_preflight.lazy import expression
from flask_preflight.result import Location, Region

_MAX_NAME = 200
_MAX_CHAIN = 5_000
"""A longer expression has no name: what it calls is followed no further."""
_STRING = expression(r"(?i)[rbuft]{0,3}('''|\"\"\"|'|\")")
_NO_NAMES = frozenset(("True", "False", "None"))


class Source:
    """The text and names of a file while its tree is read."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.imports: dict[str, str] = {}
        self.blocks = Blocks(text)
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

    def at(self, start: int, end: int) -> Location:
        """The region between two offsets on one line."""
        first = bisect_right(self.starts, start)
        column = start - self.starts[first - 1] + 1
        return Location(self.path, Region(first, column, first, column + end - start))

    def slice(self, node: Any, most: int) -> str:
        """The beginning of the text of a node."""
        span = node.replace("")
        return self.text[span.start_pos : min(span.end_pos, span.start_pos + most)]

    def near(self, node: Any, most: int = 100) -> tuple[str, str]:
        """A little of the text before and after a node, which is cheaper than its parent."""
        span = node.replace("")
        start, end = span.start_pos, span.end_pos
        return self.text[max(0, start - most) : start], self.text[end : end + most]

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
        elif span.end_pos - span.start_pos > _MAX_CHAIN:
            return ""
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

    def in_function(self, node: Any) -> bool:
        return self.blocks.in_function(node.replace("").start_pos)

    def is_caught(self, node: Any) -> bool:
        """Whether a node is in a `try` statement, whatever part of it, or is for type checkers."""
        for kind, around in self.blocks.around(node.replace("").start_pos):
            if kind == "try_statement":
                return True
            if kind == "if_statement" and "TYPE_CHECKING" in self.slice(around, 40):
                return True
        return False

    def guard(self, node: Any) -> Guard:
        """When the code of a node runs."""
        return self.blocks.guard(node.replace("").start_pos, self.dotted)


def _package(path: str) -> str:
    """The dotted package of a file, from the root."""
    return path.rpartition("/")[0].replace("/", ".")


def module_name(path: str) -> str:
    """The dotted name of a file, from the root."""
    name = re.sub(r"\.(?:py|pyw|wsgi)\Z", "", path).replace("/", ".")
    return name.removesuffix(".__init__")


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
