"""The words of SARIF 2.1.0: where something is, what is said about it, and how it is mended."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple

Level = Literal["error", "warning", "note"]

LEVELS: tuple[Level, ...] = ("note", "warning", "error")
"""From the weakest to the strongest."""


class Region(NamedTuple):
    """Lines and columns are 1-based, columns count code points, the end is exclusive.

    `end_line` 0 means that only the start is known.
    """

    start_line: int = 1
    start_column: int = 1
    end_line: int = 0
    end_column: int = 0


class Location(NamedTuple):
    """A place in the scanned repository.

    `path` is relative to the project root and uses slashes. `logical` is SARIF's logicalLocation,
    "Deployment/web/containers/app".
    """

    path: str
    region: Region = Region()
    message: str = ""
    logical: str = ""

    def saying(self, message: str) -> Location:
        """The same place with a remark, for related locations."""
        return self._replace(message=message)

    def rewritten(self, text: str) -> Fix:
        """Write this instead of all that stands here."""
        return Fix(f"write {text}", (Replacement(self.path, self.region, text),), safe=True)

    def emptied(self, what: str) -> Fix:
        """Delete the lines that it stands on, and nothing else stands on."""
        lines = Region(self.region.start_line, 1, self.region.end_line + 1, 1)
        return Fix(f"delete {what}", (Replacement(self.path, lines, ""),), safe=True)

    def preceded(self, text: str) -> Fix:
        """Write another line before the one that it begins on."""
        start = Region(self.region.start_line, 1, self.region.start_line, 1)
        return Fix(f"add {text}", (Replacement(self.path, start, text + "\n"),), safe=True)

    def cut(self, first: int, last: int) -> Location:
        """Without this many code points at either end; it must be on one line."""
        region = self.region
        return self._replace(
            region=region._replace(
                start_column=region.start_column + first, end_column=region.end_column - last
            )
        )


class Text(NamedTuple):
    """A message with its arguments."""

    message: Message
    arguments: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.message.text.format(*self.arguments)

    def each(self, shown: Callable[[str], str]) -> str:
        """The message with each of its arguments as it may be shown."""
        return self.message.text.format(*map(shown, self.arguments))


def several(names: Iterable[str], most: int = 3) -> str:
    """What a sentence says of several things: "a", "a and b", "a, b, c and 2 more"."""
    unique = list(dict.fromkeys(names))
    shown, rest = unique[:most], len(unique) - most
    last = f"{rest} more" if rest > 0 else shown.pop() if shown else ""
    return " and ".join(part for part in (", ".join(shown), last) if part)


class Message(NamedTuple):
    """A template: lower case, no full stop, bare placeholders `{0}`; `key` names it in SARIF."""

    text: str
    key: str = "default"

    def __call__(self, *arguments: object) -> Text:
        return Text(self, tuple(map(str, arguments)))


class Replacement(NamedTuple):
    """Existing text to delete, and what stands there afterwards."""

    path: str
    deleted_region: Region
    inserted_content: str


class Fix(NamedTuple):
    """Replacements that belong together; `safe` when the meaning is certain to be kept."""

    description: str
    replacements: tuple[Replacement, ...]
    safe: bool = False


class Suppression(NamedTuple):
    """Why a result is not shown."""

    kind: Literal["inSource", "external"]
    justification: str
    location: Location


class Notification(NamedTuple):
    """What the linter says about its own work; `id` is of the group PRE.

    With a level it is also a result of that level at `location`.
    """

    id: str
    level: Level
    message: Text
    location: Location | None = None


class Result(NamedTuple):
    """What a rule found. `level` None means the rule's own level for this part.

    `subject` names what it is about where several things share a place. The last two fields are
    filled in by the engine.
    """

    location: Location
    message: Text
    related_locations: tuple[Location, ...] = ()
    fix: Fix | None = None
    level: Level | None = None
    subject: str = ""
    rule_id: str = ""
    suppressions: tuple[Suppression, ...] = ()
