"""What the files of proxies consist of: directives with words and blocks, each with its place."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from flask_preflight.artifacts.build_files import joined
from flask_preflight.artifacts.proxy import ProxySetting
from flask_preflight.lazy import expression
from flask_preflight.result import Location, Region, Replacement
from flask_preflight.run import Tree

_Waiting = tuple["Directive", tuple[str, ...], tuple[int, ...]]
_MAX_FILES = 50_000
_PATH = expression(r"/[\w./~@-]*")


class Fault(Exception):
    """The proxy would refuse the file here (line and column are 1-based)."""

    def __init__(self, reason: str, line: int, column: int) -> None:
        super().__init__(reason)
        self.reason, self.line, self.column = reason, line, column


class TooLarge(Exception):
    """More words than this reader takes."""


class Source:
    """A text with its lines."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self._lines: list[int] | None = None

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, 1-based."""
        if self._lines is None:
            self._lines = [0, *(found.end() for found in re.finditer("\n", self.text))]
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def location(self, start: int, end: int) -> Location:
        return Location(self.path, Region(*self.place(start), *self.place(end)))

    def fault(self, reason: str, offset: int) -> Fault:
        return Fault(reason, *self.place(offset))


class Directive(NamedTuple):
    """A directive: its words (the first is the name), and its block if it has one.

    `starts` and `ends` are the offsets of the words in `source`.
    """

    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    source: Source
    block: tuple[Directive, ...] | None = None

    @property
    def name(self) -> str:
        return self.words[0]

    @property
    def value(self) -> str:
        return self.words[1] if len(self.words) > 1 else ""

    @property
    def location(self) -> Location:
        """The place of its name."""
        return self.source.location(self.starts[0], self.ends[0])

    def all(self, *names: str) -> Iterator[Directive]:
        """The directives of these names directly in the block."""
        return (one for one in self.block or () if one.words[0] in names)

    def _edit(self, start: int, end: int, text: str) -> Replacement:
        where = self.source.location(start, end)
        return Replacement(where.path, where.region, text)

    def instead(self, text: str) -> Replacement:
        """Other words after its name."""
        return self._edit(self.starts[min(1, len(self.starts) - 1)], self.ends[-1], text)

    def with_slash(self) -> Replacement | None:
        """A slash at the end of its last word; None where that is more than a path."""
        word = self.words[-1]
        if len(self.words) < 2 or not _PATH.fullmatch(word):
            return None
        return self._edit(self.starts[-1], self.ends[-1], word.rstrip("/") + "/")

    def preceded_by(self, text: str) -> Replacement:
        """Another directive before it: on a line of its own if it begins its line."""
        start = self.starts[0]
        before = self.source.text[self.source.text.rfind("\n", 0, start) + 1 : start]
        return self._edit(start, start, f"{text} " if before.strip() else f"{text}\n{before}")

    def within(self) -> Iterator[Directive]:
        """All directives inside, at every depth."""
        below = list(self.block or ())
        while below:
            one = below.pop()
            yield one
            below += one.block or ()


def settings_of(directives: tuple[Directive, ...]) -> Iterator[ProxySetting]:
    """Every directive in the order of the file, with the blocks around it."""
    waiting: list[_Waiting] = [(one, (), ()) for one in reversed(directives)]
    while waiting:
        one, around, blocks = waiting.pop()
        yield ProxySetting(one.name, one.words[1:], around, one.location, blocks, one)
        inner, inside = (*around, " ".join(one.words)[:500]), (*blocks, one.starts[0])
        waiting += [(below, inner, inside) for below in reversed(one.block or ())]


class Includes:
    """Finds the files that an include means."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._names: dict[str, list[str]] | None = None

    def matching(self, folder: str, pattern: str) -> list[str]:
        """The files of the repository that an include names, in the order of their names."""
        path = joined(folder, pattern)
        if path is None:
            return []
        if "*" not in path and "?" not in path:
            return [path] if self.tree.file(path) else []
        place, _, name = path.rpartition("/")
        if self._names is None:
            self._names = {}
            for file in self.tree.files[:_MAX_FILES]:
                above, _, own = file.path.rpartition("/")
                self._names.setdefault(above, []).append(own)
        shape = re.sub(r"\\\*+", "[^/]*", re.escape(name[:100]).replace(r"\?", "[^/]"))
        wanted = re.compile(shape + r"\Z") if name.count("*") <= 2 else None
        names = self._names.get(place, ()) if wanted is not None else ()
        return [f"{place}/{own}".lstrip("/") for own in names if wanted and wanted.match(own)]
