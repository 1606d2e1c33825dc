"""A line says flaw.

These rules exist in tests only, so that the engine can be tried without any other rule.

Fix: write something else.

Sources: https://example.org/flaws

```text bad notes.sh {1}
flaw
```

```text good notes.sh
fine
```
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pytest

from flask_preflight.artifacts import text
from flask_preflight.result import Level, Location, Region
from flask_preflight.rule import RULES, Message, Result, Results, Rule, rule
from flask_preflight.run import File, Notes

FLAW = Message("{0} is a flaw")
BARE = Message("run() waits for ever", "bare")


class Line:
    """One line of a text."""

    def __init__(self, path: str, number: int, text: str) -> None:
        self.path, self.number, self.text = path, number, text

    def at(self, word: str = "") -> Location:
        start = self.text.find(word) + 1 if word else 1
        end = start + len(word) if word else len(self.text) + 1
        return Location(self.path, Region(self.number, start, self.number, end))

    def level(self, rule: Rule) -> Level | None:
        return rule.level

    def facts(self) -> Iterable[object]:
        return ()


def read(file: File, content: str, notes: Notes) -> list[Line]:
    """Every line; some words make a file broken, skipped or unread."""
    if "@broken" in content:
        notes.unparsed(file.path, "expected a colon", 1, 1)
    if "@template" in content:
        notes.skipped(file.path, "template of something else")
    if "@huge" in content:
        notes.unread(file.path, "larger than 5 MiB")
    return [Line(file.path, n, line) for n, line in enumerate(content.split("\n"), 1)]


@contextmanager
def installed() -> Iterator[None]:
    """While this is open, lines are parts and there are three rules about them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text, "read", read)

        @rule("SEC990", "line-has-flaw", "error", "security", "CWE-489", "CIS-4.1", "X123")
        def flaw(part: Line, *, word: str = "flaw", limit: int = 9) -> Results:
            if word in part.text:
                where = part.at(word)
                first = Location(part.path, Region(1, 1), "the file begins here")
                yield Result(where, FLAW(part.text.strip()), (first,) if "see" in part.text else ())

        @rule("SEC991", "line-is-bare", "warning", "scaling", enabled=False)
        def bare(part: Line) -> Results:
            if "bare" in part.text:
                yield Result(part.at(), BARE(), subject="web" if "web" in part.text else "")

        @rule("SEC992", "line-crashes-rule", "note", "recovery")
        def crash(part: Line) -> Results:
            if "@crash" in part.text:
                raise LookupError(part.text)
            yield from ()

        try:
            yield
        finally:
            RULES.pop(Line, None)
