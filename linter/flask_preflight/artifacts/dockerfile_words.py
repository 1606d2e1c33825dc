"""The words of a Dockerfile's instructions, and what variables in them come to."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from flask_preflight.lazy import expression
from flask_preflight.limits import MAX_EXPANSION, MAX_EXPANSION_DEPTH
from flask_preflight.result import Location

UNSET = "\0"
"""The value of a name that is certainly not set; no variable can hold this character."""
Lookup = Callable[[str], str | None]
"""The value of a variable, `UNSET`, or None where it cannot be known."""


class Word(NamedTuple):
    """One word: as `written` (quotes and all), and its `value`, None where that is unknown."""

    written: str
    value: str | None
    location: Location
    start: int
    end: int


class Pair(NamedTuple):
    """`NAME=value` of an ENV, ARG or LABEL; `written` is None for an ARG without a default.

    `location` covers the pair, `value_location` what stands behind the equals sign.
    """

    name: str
    written: str | None
    value: str | None
    location: Location
    value_location: Location


def split(text: str, escape: str = "\\") -> list[tuple[int, int]]:
    """The offsets of words between blanks; a quoted blank and an escaped one belong to a word."""
    found: list[tuple[int, int]] = []
    start, quote, position = -1, "", 0
    while position < len(text):
        letter = text[position]
        if start < 0 and letter.isspace():
            position += 1
            continue
        start = position if start < 0 else start
        if letter == escape and quote != "'":
            position += 1
        elif quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter.isspace():
            found.append((start, position))
            start = -1
        position += 1
    if start >= 0:
        found.append((start, len(text)))
    return found


def expand(text: str, lookup: Lookup, escape: str = "\\") -> str | None:
    """A word without its quotes and with its variables replaced; None where one is not known."""
    return _Expansion(text, lookup, escape, 0).run()


class _Unknown(Exception):
    pass


_REFERENCE = expression(r"\$(?:([A-Za-z_]\w*|[0-9@*#?!])|\{([A-Za-z_]\w*|[0-9@*#?!])(\}|))")
_OPERATOR = expression(r":[-+?]|[-+?]|##?|%%?|//?")


class _Expansion:
    """Reads a word once from left to right, as BuildKit's own lexer does."""

    def __init__(self, text: str, lookup: Lookup, escape: str, depth: int) -> None:
        self.text = text
        self.lookup = lookup
        self.escape = escape
        self.depth = depth
        self.position = 0
        self.parts: list[str] = []
        self.length = 0

    def run(self) -> str | None:
        try:
            while self.position < len(self.text):
                self._next()
        except _Unknown:
            return None
        return "".join(self.parts)

    def _add(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)
        if self.length > MAX_EXPANSION:
            raise _Unknown

    def _next(self) -> None:
        letter = self.text[self.position]
        if letter == "'":
            stop = self.text.find("'", self.position + 1)
            stop = len(self.text) if stop < 0 else stop
            self._add(self.text[self.position + 1 : stop])
            self.position = stop + 1
        elif letter == '"':
            self._double()
        elif letter == self.escape:
            self._add(self.text[self.position + 1 : self.position + 2])
            self.position += 2
        elif letter == "$":
            self._dollar()
        else:
            self._add(letter)
            self.position += 1

    def _double(self) -> None:
        self.position += 1
        while self.position < len(self.text):
            letter = self.text[self.position]
            if letter == '"':
                self.position += 1
                return
            if letter == self.escape:
                following = self.text[self.position + 1 : self.position + 2]
                kept = following if following in ('"', "$", self.escape) else letter + following
                self._add(kept)
                self.position += 2
            elif letter == "$":
                self._dollar()
            else:
                self._add(letter)
                self.position += 1

    def _dollar(self) -> None:
        found = _REFERENCE.match(self.text, self.position)
        if found is None:
            self._add("$")
            self.position += 1
            return
        self.position = found.end()
        name = found[1] or found[2]
        if found[1] or found[3]:
            value = self.lookup(name)
            if value is None:
                raise _Unknown
            self._add("" if value is UNSET else value)
            return
        operator = _OPERATOR.match(self.text, self.position)
        if operator is None:
            raise _Unknown
        start = operator.end()
        self.position = self._close(start)
        self._add(self._modified(name, operator[0], self.text[start : self.position - 1]))

    def _close(self, start: int) -> int:
        """The offset behind the brace that closes what was opened before `start`."""
        depth, position = 1, start
        while position < len(self.text):
            letter = self.text[position]
            if letter == self.escape:
                position += 1
            elif letter == "{" and self.text[position - 1] == "$":
                depth += 1
            elif letter == "}":
                depth -= 1
                if not depth:
                    return position + 1
            position += 1
        raise _Unknown

    def _modified(self, name: str, operator: str, word: str) -> str:
        value = self.lookup(name)
        if value is None:
            raise _Unknown
        given = value is not UNSET and (bool(value) or not operator.startswith(":"))
        if operator in (":-", "-"):
            return value if given else self._inner(word)
        if operator in (":+", "+"):
            return self._inner(word) if given else ""
        if operator in (":?", "?"):
            if given:
                return value
            raise _Unknown
        return self._cut("" if value is UNSET else value, operator, self._inner(word))

    def _cut(self, value: str, operator: str, word: str) -> str:
        if operator.startswith("/"):
            old, slash, new = word.partition("/")
            if not slash or not old or re.search(r"[*?\[\\]", old):
                raise _Unknown
            return value.replace(old, new, 1 if operator == "/" else -1)
        if re.search(r"[*?\[\\]", word):
            raise _Unknown
        return value.removeprefix(word) if operator[0] == "#" else value.removesuffix(word)

    def _inner(self, word: str) -> str:
        if self.depth >= MAX_EXPANSION_DEPTH:
            raise _Unknown
        value = _Expansion(word, self.lookup, self.escape, self.depth + 1).run()
        if value is None:
            raise _Unknown
        return value
