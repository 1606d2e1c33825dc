"""What a unified diff changes, as `git diff` and `diff -u` write it.

Source: https://git-scm.com/docs/diff-format#generate_patch_text_with_p
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from flask_preflight.result import Location, Region

_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_ESCAPE = re.compile(r"\\([0-7]{3}|.)")
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}


class DiffError(ValueError):
    """The text is no unified diff; says where."""


class Hunk(NamedTuple):
    """Lines that are replaced. `start` is the first new line, 1-based, or the one behind a gap."""

    start: int
    removed: tuple[str, ...]
    added: tuple[str, ...]

    @property
    def end(self) -> int:
        """The last new line; a gap touches the line behind it."""
        return max(self.start, self.start + len(self.added) - 1)


class Change(NamedTuple):
    """What happens to one file, under its new name ("" where it is deleted)."""

    path: str
    before: str
    hunks: tuple[Hunk, ...]

    @property
    def is_new(self) -> bool:
        return not self.before

    @property
    def is_deleted(self) -> bool:
        return not self.path

    def touches(self, location: Location) -> bool:
        """Whether the place lies on a line that is added or changed, or is the file as a whole."""
        region = location.region
        if region == Region():
            return True
        last = max(region.end_line, region.start_line)
        return any(one.start <= last and region.start_line <= one.end for one in self.hunks)


def read(text: str, below: str = "") -> Mapping[str, Change]:
    """The changes of a diff by the new path, or the old one of a deleted file.

    `below` leads from the root of the repository to that of the project ("shop/"): changes
    elsewhere are left out, and paths are relative to the project. Raises DiffError.
    """
    found: dict[str, Change] = {}
    for change in _Reader(text).changes():
        path = change.path or change.before
        if path.startswith(below):
            cut = len(below)
            found[path[cut:]] = change._replace(
                path=change.path[cut:], before=change.before.removeprefix(below)
            )
    return found


class _Reader:
    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.position = 0

    def changes(self) -> Iterator[Change]:
        renamed = ""
        while self.position < len(self.lines):
            line = self.lines[self.position].rstrip("\r")
            self.position += 1
            if line.startswith("diff --git "):
                renamed = ""
            elif line.startswith("rename from "):
                renamed = _path(line[12:], "")
            elif line.startswith("rename to ") and self._next_begins(("diff ", "")):
                # Nothing but the name changes.
                yield Change(_path(line[10:], ""), renamed, ())
            elif line.startswith("--- ") and self._next_begins(("+++ ",)):
                new = self.lines[self.position][4:]
                self.position += 1
                old, path = _path(line[4:], "a/"), _path(new, "b/")
                yield Change(path, old, tuple(self._hunks()))
            elif _HUNK.match(line):
                raise DiffError(f"line {self.position}: lines without the name of their file")

    def _next_begins(self, words: tuple[str, ...]) -> bool:
        following = self.lines[self.position] if self.position < len(self.lines) else ""
        return any(following.startswith(word) if word else not following for word in words)

    def _hunks(self) -> Iterator[Hunk]:
        while self.position < len(self.lines):
            found = _HUNK.match(self.lines[self.position])
            if found is None:
                return
            self.position += 1
            old, new = int(found[2] or 1), int(found[4] or 1)
            yield from self._pieces(int(found[3]) + (new == 0), old, new)

    def _pieces(self, number: int, old: int, new: int) -> Iterator[Hunk]:
        """The changed lines of one hunk, without those around them."""
        removed: list[str] = []
        added: list[str] = []
        while old > 0 or new > 0:
            if self.position >= len(self.lines):
                raise DiffError(f"line {self.position}: the diff ends within a hunk")
            line = self.lines[self.position]
            self.position += 1
            kind, rest = line[:1] or " ", line[1:].rstrip("\r")
            if kind == "\\":
                continue
            if kind not in " +-":
                raise DiffError(f"line {self.position}: expected a line of a hunk")
            if kind == " " and (removed or added):
                yield Hunk(number - len(added), tuple(removed), tuple(added))
                removed, added = [], []
            if kind == "-":
                removed.append(rest)
            elif kind == "+":
                added.append(rest)
            old -= kind != "+"
            new -= kind != "-"
            number += kind != "-"
        if removed or added:
            yield Hunk(number - len(added), tuple(removed), tuple(added))


def _path(written: str, prefix: str) -> str:
    """A path as it is written behind `---`, `+++` or `rename`; "" for /dev/null."""
    written = written.rstrip("\r")
    if written.startswith('"'):
        written = _unquoted(written[1 : written.rfind('"')])
    else:
        written = written.partition("\t")[0]
    return "" if written == "/dev/null" else written.removeprefix(prefix)


def _unquoted(text: str) -> str:
    """A path with the escapes of C, in which git writes bytes that are no ASCII."""

    def letter(found: re.Match[str]) -> str:
        code = found[1]
        return chr(int(code, 8)) if len(code) == 3 else _LETTERS.get(code, code)

    try:
        return _ESCAPE.sub(letter, text).encode("latin-1").decode()
    except UnicodeError:
        return text
