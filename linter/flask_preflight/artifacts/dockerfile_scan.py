"""The instructions of a Dockerfile as lines, cut exactly where BuildKit cuts them.

Continuations with comments and blank lines inside, here-documents and the escape directive decide
what an instruction is, so they are settled before any other parser sees the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from flask_preflight.lazy import expression
from flask_preflight.limits import MAX_DOCKER_INSTRUCTIONS, MAX_DOCKER_VALUE
from flask_preflight.result import Location, Region

_DIRECTIVE = expression(r"#\s*([A-Za-z][A-Za-z0-9]*)\s*=\s*(\S.*?)\s*\Z")
_DIRECTIVES = ("syntax", "escape", "check")
_WITH_HEREDOC = ("RUN", "COPY", "ADD")
_HEREDOC = expression(r"(\d*)<<(-?)([^<]+)\Z")
_BLANKS = " \t\r\v\f"


class TooLarge(Exception):
    """The file is over a limit, which the message names."""


class Fault(NamedTuple):
    """Something that BuildKit refuses, with its line and column (1-based)."""

    reason: str
    line: int
    column: int = 1


class Heredoc(NamedTuple):
    """A document inside an instruction: its text without the last line, and where that begins.

    `expands`: variables in it are replaced; `tabs`: leading tabs are removed (`<<-`).
    """

    name: str
    text: str
    line: int
    expands: bool
    tabs: bool


class Logical:
    """One instruction over its physical lines, joined as BuildKit joins them."""

    def __init__(self, path: str, start: int) -> None:
        self.path = path
        self.start = start
        self.end = start
        self.parts: list[str] = []
        self.offsets: list[int] = []
        self.origins: list[tuple[int, int]] = []
        self.length = 0
        self.heredocs: list[Heredoc] = []
        self.text = ""

    def add(self, text: str, line: int, column: int) -> None:
        self.offsets.append(self.length)
        self.origins.append((line, column))
        self.parts.append(text)
        self.length += len(text)
        if self.length > MAX_DOCKER_VALUE:
            raise TooLarge(f"an instruction is longer than {MAX_DOCKER_VALUE} characters")

    def position(self, offset: int) -> tuple[int, int]:
        """The line and column (1-based) of an offset in the joined text."""
        index = max(bisect_right(self.offsets, offset) - 1, 0)
        line, column = self.origins[index]
        return line, column + offset - self.offsets[index]

    def place(self, start: int, end: int) -> Location:
        """The place of a part of the joined text; the end is exclusive."""
        line, column = self.position(start)
        if end <= start:
            return Location(self.path, Region(line, column, line, column))
        last_line, last_column = self.position(end - 1)
        return Location(self.path, Region(line, column, last_line, last_column + 1))


class Scan(NamedTuple):
    """A whole file: its instructions, its directives by lower-case name, and what is wrong."""

    instructions: tuple[Logical, ...]
    directives: dict[str, str]
    escape: str
    faults: tuple[Fault, ...]


def scan(path: str, text: str) -> Scan:
    """Cut a Dockerfile into instructions, in linear time.

    Raises `TooLarge` for a file that is over a limit.
    """
    return _Scanner(path, text).run()


class _Scanner:
    def __init__(self, path: str, text: str) -> None:
        self.path = path
        rows = text.removeprefix("\ufeff").split("\n")
        if not rows[-1]:
            rows.pop()
        self.rows = [row.removesuffix("\r") for row in rows]
        self.faults: list[Fault] = []
        self.directives: dict[str, str] = {}
        self.row = self._directives()
        self.escape = "`" if self.directives.get("escape") == "`" else "\\"

    def _directives(self) -> int:
        """Read the comments at the top that mean something; gives the row after them."""
        for index, row in enumerate(self.rows):
            found = _DIRECTIVE.match(row.strip(_BLANKS))
            name = found[1].lower() if found else ""
            if found is None or name not in _DIRECTIVES:
                return index
            if name in self.directives:
                self.faults.append(Fault(f"a second {name} directive", index + 1))
            self.directives.setdefault(name, found[2])
        return len(self.rows)

    def run(self) -> Scan:
        found: list[Logical] = []
        while self.row < len(self.rows):
            row = self.rows[self.row]
            if not row.strip(_BLANKS) or row.lstrip(_BLANKS).startswith("#"):
                self.row += 1
                continue
            logical = self._logical()
            if logical.text.strip(_BLANKS):
                found.append(logical)
                self._heredocs(logical)
            if len(found) > MAX_DOCKER_INSTRUCTIONS:
                raise TooLarge(f"more than {MAX_DOCKER_INSTRUCTIONS} instructions")
        return Scan(tuple(found), self.directives, self.escape, tuple(self.faults))

    def _logical(self) -> Logical:
        logical = Logical(self.path, self.row + 1)
        first = self.rows[self.row].lstrip(_BLANKS)
        column = len(self.rows[self.row]) - len(first) + 1
        more = self._line(logical, first, column)
        while more and self.row < len(self.rows):
            row = self.rows[self.row]
            if not row.strip(_BLANKS) or row.lstrip(_BLANKS).startswith("#"):
                self.row += 1
            else:
                more = self._line(logical, row, 1)
        logical.end = self.row
        logical.text = "".join(logical.parts)
        return logical

    def _line(self, logical: Logical, row: str, column: int) -> bool:
        """Take one physical line; whether the instruction goes on in the next."""
        self.row += 1
        stripped = row.rstrip(" \t")
        before = stripped.removesuffix(self.escape)
        more = before != stripped and not before.endswith(self.escape)
        logical.add(before if more else row, self.row, column)
        return more

    def _heredocs(self, logical: Logical) -> None:
        if "<<" not in logical.text or not _may_hold_heredoc(logical.text):
            return
        for name, tabs, expands in _heredoc_names(logical.text):
            first = self.row
            while self.row < len(self.rows):
                row = self.rows[self.row]
                self.row += 1
                if (row.lstrip("\t") if tabs else row) == name:
                    body = "\n".join(self.rows[first : self.row - 1])
                    break
            else:
                self.faults.append(Fault(f"here-document {name} has no end", logical.start))
                body = "\n".join(self.rows[first:])
            logical.heredocs.append(Heredoc(name, body, first + 1, expands, tabs))
            logical.end = self.row


def _may_hold_heredoc(text: str) -> bool:
    keyword, start = keyword_of(text)
    if keyword == "ONBUILD":
        keyword, length = keyword_of(text[start:])
        start += length
    if keyword not in _WITH_HEREDOC:
        return False
    return exec_form(text, flags_of(text, start)[1]) is None


def _heredoc_names(text: str) -> list[tuple[str, bool, bool]]:
    """Name, whether tabs are removed, and whether variables are replaced, for each `<<NAME`."""
    found = []
    for word in shell_words(text):
        match = _HEREDOC.match(word)
        name = _QUOTES.sub(lambda quote: quote[1] or "", match[3]) if match else ""
        if match and name:
            found.append((name, match[2] == "-", name == match[3]))
    return found


_QUOTES = expression(r"\\(.)|['\"]", re.DOTALL)
_WORD = expression(r"""(?:[^\s'"\\]|\\.|'[^']*'|"(?:[^"\\]|\\.)*"|(?P<open>['"])|\\)+""", re.DOTALL)


def shell_words(text: str) -> list[str]:
    """The words of a line with their quotes; none when a quote is left open."""
    found = list(_WORD.finditer(text))
    return [] if any(match["open"] for match in found) else [match[0] for match in found]


def keyword_of(text: str) -> tuple[str, int]:
    """The upper-case keyword of an instruction, and the offset of what follows it."""
    start = len(text) - len(text.lstrip(_BLANKS))
    end = start
    while end < len(text) and text[end] not in _BLANKS:
        end += 1
    rest = len(text) - len(text[end:].lstrip(_BLANKS))
    return text[start:end].upper(), rest


class Flag(NamedTuple):
    """`--name=value` before the words of an instruction, with its offsets in the joined text."""

    name: str
    value: str
    start: int
    end: int


def flags_of(text: str, start: int) -> tuple[list[Flag], int]:
    """The flags from this offset on, without quotes, and the offset of what follows them."""
    found: list[Flag] = []
    while True:
        while start < len(text) and text[start].isspace():
            start += 1
        if not text.startswith("--", start):
            return found, start
        word, end = _flag_word(text, start)
        if word == "--":
            return found, min(end + 1, len(text))
        name, _, value = word.removeprefix("--").partition("=")
        found.append(Flag(name.lower(), value, start, end))
        start = end


def _flag_word(text: str, start: int) -> tuple[str, int]:
    parts: list[str] = []
    quote, position = "", start
    while position < len(text):
        letter = text[position]
        if letter == "\\" and position + 1 < len(text):
            position += 1
            parts.append(text[position])
        elif quote:
            quote = "" if letter == quote else quote
            parts.append(letter if quote else "")
        elif letter in "'\"":
            quote = letter
        elif letter.isspace():
            break
        else:
            parts.append(letter)
        position += 1
    return "".join(parts), position


_STRING = expression(r'"(?:[^"\\]|\\.)*"')


def exec_form(text: str, start: int = 0) -> list[tuple[str, int, int]] | None:
    """The strings of a JSON array with their offsets, quotes included; None for anything else."""
    written = text[start:].strip()
    if not written.startswith("[") or not written.endswith("]"):
        return None
    import json

    try:
        values = json.loads(written)
    except (ValueError, RecursionError):
        return None
    if not all(isinstance(value, str) for value in values):
        return None
    places = _STRING.finditer(text, start)
    return [(value, *place.span()) for value, place in zip(values, places, strict=False)]
