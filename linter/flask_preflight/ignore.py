"""Which paths ignore files leave out, as git decides it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from flask_preflight.globs import Pattern
from flask_preflight.limits import MAX_IGNORE_LENGTH, MAX_IGNORE_PATTERNS, MAX_IGNORE_WILDCARDS

_SPECIAL = frozenset("*?[\\")


class Line(NamedTuple):
    """One pattern of an ignore file; `anchored` ones are relative to the file's folder."""

    text: str
    negated: bool
    folders_only: bool
    anchored: bool


class Other(NamedTuple):
    """A pattern that has to be tried; most names already differ at one of its ends."""

    number: int
    line: Line
    pattern: Pattern
    prefix: str
    suffix: str


class IgnoreFile:
    """The patterns of one file (or of a list of excludes); the last one that matches decides.

    `folder` is where it lies, relative to the root, with a slash at the end unless it is the root.
    `dropped` are the numbers of lines (1-based) that are over a limit.
    """

    def __init__(self, folder: str, lines: Iterable[str]) -> None:
        self.folder = folder
        self.dropped: list[int] = []
        self._names: dict[str, list[tuple[int, Line]]] = {}
        self._suffixes: dict[str, list[tuple[int, Line]]] = {}
        self._others: list[Other] = []
        for number, text in enumerate(lines, 1):
            self._add(number, text)

    def _add(self, number: int, text: str) -> None:
        line = _parsed(text)
        if line is None:
            return
        wildcards = sum(letter in "*?[" for letter in line.text)
        long = len(line.text) > MAX_IGNORE_LENGTH or wildcards > MAX_IGNORE_WILDCARDS
        if long or number > MAX_IGNORE_PATTERNS:
            self.dropped.append(number)
            return
        if not line.anchored and not _SPECIAL.intersection(line.text):
            self._names.setdefault(line.text, []).append((number, line))
        elif not line.anchored and _is_suffix(line.text):
            self._suffixes.setdefault(line.text.rpartition(".")[2], []).append((number, line))
        else:
            text = line.text if not line.anchored else "/" + line.text
            self._others.append(Other(number, line, Pattern(text), *_ends(line.text)))

    def decides(self, path: str, *, folder: bool) -> bool | None:
        """True: left out; False: expressly kept; None: nothing here is about this path."""
        name = path.rpartition("/")[2]
        found = _last(self._names.get(name, ()), folder)
        suffix = name.rpartition(".")[2] if "." in name else ""
        found = max(found, _last(self._suffixes.get(suffix, ()), folder))
        below = path[len(self.folder) :]
        for other in reversed(self._others):
            if other.number < found[0]:
                break
            if not (name.startswith(other.prefix) and name.endswith(other.suffix)):
                continue
            if (folder or not other.line.folders_only) and other.pattern.exactly(below):
                found = (other.number, other.line.negated)
                break
        return None if found[0] == 0 else not found[1]


def _last(lines: Iterable[tuple[int, Line]], folder: bool) -> tuple[int, bool]:
    best = (0, False)
    for number, line in lines:
        if folder or not line.folders_only:
            best = (number, line.negated)
    return best


def _ends(text: str) -> tuple[str, str]:
    """What the last part of a pattern certainly begins and ends with."""
    name = text.rpartition("/")[2]
    marks = [index for index, letter in enumerate(name) if letter in "*?[]\\"]
    return (name[: marks[0]], name[marks[-1] + 1 :]) if marks else (name, name)


def _is_suffix(text: str) -> bool:
    return text.startswith("*.") and not _SPECIAL.intersection(text[2:]) and "." not in text[2:]


def _parsed(text: str) -> Line | None:
    text = text.rstrip("\r\n")
    stripped = text.rstrip(" \t")
    if stripped.endswith("\\") and stripped != text:
        stripped += text[len(stripped)]
    if not stripped or stripped.startswith("#"):
        return None
    negated = stripped.startswith("!")
    body = stripped[1:] if negated else stripped
    if body.startswith(("\\#", "\\!")):
        body = body[1:]
    folders_only = body.endswith("/")
    body = body.rstrip("/") if folders_only else body
    anchored = "/" in body
    body = body.lstrip("/") if anchored else body
    return Line(body, negated, folders_only, anchored) if body else None
