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


class Replaced(NamedTuple):
    """A text after replacement; None where a part of it cannot be known.

    `missing` are the variables that nothing provides, `default` whether a fallback was taken.
    """

    text: str | None
    missing: tuple[str, ...] = ()
    default: bool = False


def interpolate(text: str, lookup: Lookup) -> Replaced:
    """Replace every variable; a single dollar that starts none is left as it is."""
    return _Run(lookup).replaced(text, 0) if "$" in text else Replaced(text)


class _Run:
    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup
        self.missing: list[str] = []
        self.default = False

    def replaced(self, text: str, depth: int) -> Replaced:
        parts = self._parts(text, depth)
        found = None if parts is None or len(parts) > MAX_EXPANSION else parts
        return Replaced(found, tuple(dict.fromkeys(self.missing)), self.default)

    def _parts(self, text: str, depth: int) -> str | None:
        if depth > MAX_EXPANSION_DEPTH:
            return None
        found: list[str] = []
        known, position = True, 0
        while position < len(text):
            dollar = text.find("$", position)
            if dollar < 0:
                found.append(text[position:])
                break
            found.append(text[position:dollar])
            value, position = self._variable(text, dollar, depth)
            known = known and value is not None
            found.append(value or "")
        return "".join(found) if known else None

    def _variable(self, text: str, dollar: int, depth: int) -> tuple[str | None, int]:
        if text.startswith("$$", dollar):
            return "$", dollar + 2
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
        filled = value is not None and (value != "" or not operator.startswith(":"))
        if operator.endswith("+"):
            return self._parts(rest, depth + 1) if filled else ""
        if filled:
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
