"""Variables in Compose files: `${NAME:-default}` as the Compose specification replaces them.

Source: https://docs.docker.com/reference/compose-file/interpolation/
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from flask_preflight.lazy import expression
from flask_preflight.limits import MAX_EXPANSION, MAX_EXPANSION_DEPTH

_NAME = expression(r"[A-Za-z_]\w*")
_OPERATOR = expression(r":?[-?+]")
Lookup = Callable[[str], "str | None"]


class Filled(str):
    """A text whose variables were replaced.

    `known` is false where a part of it cannot be known: then it stays as it is written. `default`
    says that a fallback was taken, which the surroundings may replace.
    """

    __slots__ = ("default", "known")
    known: bool
    default: bool


def filled(text: str, lookup: Lookup) -> Filled:
    """A text with its variables replaced, or as written where that is not possible."""
    replaced = interpolate(text, lookup)
    made = Filled(text if replaced.text is None else replaced.text)
    made.known, made.default = replaced.text is not None, replaced.default
    return made


class Replaced(NamedTuple):
    """A text after replacement; None where a part of it cannot be known.

    `missing` are the variables that nothing provides, `default` whether a fallback was taken.
    """

    text: str | None
    missing: tuple[str, ...] = ()
    default: bool = False


def interpolate(text: str, lookup: Lookup) -> Replaced:
    """Replace every variable; a single dollar that starts none is left as it is."""
    return _Run(lookup).replaced(text) if "$" in text else Replaced(text)


class _Run:
    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup
        self.missing: list[str] = []
        self.default = False

    def replaced(self, text: str) -> Replaced:
        found = self._parts(text, 0)
        return Replaced(found, tuple(dict.fromkeys(self.missing)), self.default)

    def _parts(self, text: str, depth: int) -> str | None:
        if depth > MAX_EXPANSION_DEPTH:
            return None
        found: list[str] = []
        known, position, size = True, 0, 0
        while position < len(text) and size <= MAX_EXPANSION:
            dollar = text.find("$", position)
            dollar = len(text) if dollar < 0 else dollar
            found.append(text[position:dollar])
            value, position = self._variable(text, dollar, depth)
            known = known and value is not None
            found.append(value or "")
            size += len(found[-2]) + len(found[-1])
        return "".join(found) if known and size <= MAX_EXPANSION else None

    def _variable(self, text: str, dollar: int, depth: int) -> tuple[str | None, int]:
        if text.startswith("$$", dollar):
            return "$", dollar + 2
        if dollar == len(text):
            return "", dollar
        braced = text.startswith("${", dollar)
        name = _NAME.match(text, dollar + 1 + braced)
        if name is None:
            return "$", dollar + 1
        if not braced:
            return self._plain(name[0]), name.end()
        end = _closing(text, dollar)
        if end is None:
            return text[dollar:], len(text)
        operator = _OPERATOR.match(text, name.end())
        if operator is None:
            return self._plain(name[0]), end
        rest = text[operator.end() : end - 1]
        return self._with_operator(name[0], operator[0], rest, depth), end

    def _plain(self, name: str) -> str | None:
        value = self.lookup(name)
        if value is None:
            self.missing.append(name)
        return value

    def _with_operator(self, name: str, operator: str, rest: str, depth: int) -> str | None:
        value = self.lookup(name)
        given = value is not None and (value != "" or not operator.startswith(":"))
        if operator.endswith("+"):
            if given:
                return self._parts(rest, depth + 1)
            self.default = True
            return ""
        if given:
            return value
        if operator.endswith("?"):
            self.missing.append(name)
            return None
        self.default = True
        return self._parts(rest, depth + 1)


def _closing(text: str, dollar: int) -> int | None:
    """The offset after the brace that closes the one after this dollar."""
    depth, position = 0, dollar
    while position < len(text):
        if text.startswith("${", position):
            depth += 1
            position += 2
        elif text[position] == "}":
            depth -= 1
            position += 1
            if depth == 0:
                return position
        else:
            position += 1
    return None
