"""What a `.dockerignore` keeps out of a build; patterns start at the context, the last wins."""

from __future__ import annotations

from typing import NamedTuple

from flask_preflight.globs import Pattern
from flask_preflight.limits import MAX_IGNORE_LENGTH, MAX_IGNORE_PATTERNS, MAX_IGNORE_WILDCARDS


class Line(NamedTuple):
    """One pattern of the file; `again`: it takes back what earlier ones keep out (`!`)."""

    written: str
    line: int
    again: bool
    pattern: Pattern


class Ignore:
    """The patterns of one file; `path` is empty where there is no such file."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.lines = tuple(_lines(text))

    def excluded(self, path: str) -> bool:
        """Whether a path relative to the context, or a folder that holds it, stays outside."""
        found = False
        for line in self.lines:
            if found is line.again and line.pattern.matches(path):
                found = not line.again
        return found


def _lines(text: str) -> list[Line]:
    found: list[Line] = []
    for number, row in enumerate(text.removeprefix("\ufeff").split("\n")[:MAX_IGNORE_PATTERNS], 1):
        written = "" if row.startswith("#") else row.strip()
        again = written.startswith("!")
        cleaned = _cleaned(written[again:].strip())
        wildcards = sum(cleaned.count(letter) for letter in "*?[")
        if cleaned and len(cleaned) <= MAX_IGNORE_LENGTH and wildcards <= MAX_IGNORE_WILDCARDS:
            # A slash in front ties the pattern to the root, as Docker means every pattern.
            found.append(Line(written, number, again, Pattern("/" + cleaned)))
    return found


def _cleaned(pattern: str) -> str:
    """As Go's `filepath.Clean` leaves it, without slashes at either end."""
    parts: list[str] = []
    for part in pattern.split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in ("", "."):
            parts += ["**", "*" + part[2:]] if part[:2] == "**" and part != "**" else [part]
    return "/".join(parts)
