"""One run: the files it reads, what each left behind, and the finished report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from flask_preflight.result import Location, Message, Notification, Region, Result

if TYPE_CHECKING:
    from flask_preflight.chart import Chart
    from flask_preflight.facts import Attestation, Judged
    from flask_preflight.rule import Rule

Role = Literal["production", "development", "test", "example", "template"]

UNPARSED = Message("not parsed: {0}", "unparsed")
SKIPPED = Message("not analysed: {0}", "skipped")
UNRESOLVED = Message("not resolved: {0}", "unresolved")


class File(NamedTuple):
    """A file below the project root; `kinds` as in `classify`, `size` in bytes.

    `aliases` are the links inside the root that lead to it: it counts under their names as well.
    """

    path: str
    size: int
    kinds: tuple[str, ...]
    role: Role
    tracked: bool = True
    aliases: tuple[str, ...] = ()


class Notes:
    """Collects what a reader has to say about files that it could not read in full."""

    def __init__(self) -> None:
        self.notifications: list[Notification] = []

    def unparsed(self, path: str, reason: str, line: int = 1, column: int = 1) -> None:
        """The consumer of this file would refuse it (class A): an error at the parser's place."""
        where = Location(path, Region(line, column))
        self.notifications.append(Notification("PRE010", "error", UNPARSED(reason), where))

    def unread(self, path: str, reason: str) -> None:
        """A file of a recognised kind was not read in full (class B): the run exits with 2."""
        where = Location(path)
        self.notifications.append(Notification("PRE011", "warning", SKIPPED(reason), where))

    def skipped(self, path: str, reason: str) -> None:
        """A file is left alone by design (class C), such as a template."""
        where = Location(path)
        self.notifications.append(Notification("PRE011", "note", SKIPPED(reason), where))

    def unresolved(self, where: Location, reason: str) -> None:
        """A reference leads nowhere or to several things, so rules about it stay silent."""
        self.notifications.append(Notification("PRE031", "note", UNRESOLVED(reason), where))


class Tree(Notes):
    """The files of the project, in the order of their bytes, and the only way to read them."""

    def __init__(
        self,
        files: tuple[File, ...],
        read: Callable[[File, Notes], str | None],
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__()
        self.files = files
        self.settings: Mapping[str, Any] = settings or {}
        self._read = read
        self.origins: dict[str, Callable[[int], Location | None]] = {}
        """Of generated files: where what stands on a line is written."""
        self._texts: dict[str, str | None] = {}
        self._by_path = {alias: file for file in files for alias in file.aliases}
        self._by_path |= {file.path: file for file in files}
        self._folders: frozenset[str] | None = None

    def of(self, kind: str) -> Iterator[File]:
        """The files of one kind."""
        return (file for file in self.files if kind in file.kinds)

    def file(self, path: str) -> File | None:
        """The file of this exact path (relative to the root, with slashes)."""
        return self._by_path.get(path)

    def text(self, path: str) -> str | None:
        """The decoded text, without byte order mark; None when there is none to be had.

        Why it could not be read is among the notifications then. Each file is read once.
        """
        if path not in self._texts:
            file = self._by_path.get(path)
            self._texts[path] = None if file is None else self._read(file, self)
        return self._texts[path]

    def replace(self, texts: Mapping[str, str]) -> None:
        """Read these texts instead of what the files hold."""
        self._texts |= texts

    def is_folder(self, path: str) -> bool:
        """Whether some file lies below this path; the root is the empty path or a dot."""
        if self._folders is None:
            self._folders = frozenset(
                file.path[:index]
                for file in self.files
                for index, letter in enumerate(file.path)
                if letter == "/"
            )
        return path in ("", ".") or path in self._folders


class Comment(NamedTuple):
    """A suppression written in a file: `preflight: ignore[WSG101] reason until=2027-01-31`.

    `covers` are the first and the last line it is about, both 1-based and inclusive; `until` is an
    ISO date or empty. `peer` is the tool that it was written for, empty for this one.
    """

    location: Location
    ids: tuple[str, ...]
    reason: str
    until: str
    covers: tuple[int, int]
    peer: str = ""


class FileReport(NamedTuple):
    """What one file left behind in a worker.

    `gated` are results that count only where the file's unit uses Flask. `checked` counts the parts
    each rule ran on, by the rule's id.
    """

    path: str
    results: tuple[Result, ...] = ()
    gated: tuple[Result, ...] = ()
    facts: tuple[object, ...] = ()
    comments: tuple[Comment, ...] = ()
    notifications: tuple[Notification, ...] = ()
    checked: Mapping[str, int] = {}


class Report(NamedTuple):
    """The whole run, before any writer sees it.

    `unselected` are the ids of rules that would run if the project had chosen nothing.
    """

    root: str
    results: tuple[Result, ...]
    suppressed: tuple[Result, ...]
    notifications: tuple[Notification, ...]
    files: tuple[File, ...]
    rules: tuple[Rule, ...]
    checked: Mapping[str, int]
    unselected: frozenset[str]
    items: tuple[Judged, ...]
    evidence: Mapping[str, Attestation]
    charts: Callable[[], tuple[Chart, ...]]
    exit_code: int
    texts: Callable[[str], str | None]
