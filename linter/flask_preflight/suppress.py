"""Suppressions: comments in the files, and the project's configuration."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from flask_preflight import selection
from flask_preflight.about import OWN
from flask_preflight.config import SOON_DAYS, Settings
from flask_preflight.globs import Pattern
from flask_preflight.peers import NEEDLES, ids
from flask_preflight.result import Level, Location, Message, Region, Result, Suppression, Text
from flask_preflight.rule import Rule
from flask_preflight.run import Comment, File, Notes

UNUSED = Message("{0} suppresses nothing here", "unused")
IDLE = Message("{0} for {1} suppresses nothing", "idle")
INVALID = Message("suppresses nothing: {0}", "invalid")
UNKNOWN = Message("suppresses nothing: no rule is called {0}", "unknown")
EXPIRED = Message("expired on {0}", "expired")
UNDATED = Message("counts as expired: {0} is not a date", "undated")
UNREASONED = Message("gives no reason for {0}", "unreasoned")
EXPIRES = Message("expires on {0}", "expires")
IGNORED = Message("ignores {0}, which no rule is called", "ignored")


def comments(file: File, text: str, notes: Notes) -> list[Comment]:
    """The suppressions written in one file."""
    if "preflight" not in text and not any(one in text for one in NEEDLES):
        return []
    from flask_preflight.comments import find

    return list(find(file, text))


def suppress(
    results: Iterable[Result],
    comments: Iterable[Comment],
    rules: Iterable[Rule],
    settings: Settings,
) -> tuple[list[Result], list[Result], list[Result]]:
    """What is shown, what is suppressed, and what there is to say about the suppressions."""
    wanted = [r for r in results if r.rule_id not in OWN or settings.speaks(r.rule_id)]
    if not settings.suppressions:
        return wanted, [], []
    book = Book(comments, rules, settings)
    shown: list[Result] = []
    suppressed: list[Result] = []
    for result in wanted:
        found = () if result.rule_id == "PRE030" else book.about(result)
        if found:
            suppressed.append(result._replace(suppressions=found))
        else:
            shown.append(result)
    broken = {result.location.path for result in wanted if result.rule_id == "PRE010"}
    said = [word for word in book.remarks(broken) if settings.speaks(word.rule_id)]
    return shown, suppressed, said


class Book:
    """All suppressions of a run, and which of them were of use."""

    def __init__(
        self, comments: Iterable[Comment], rules: Iterable[Rule], settings: Settings
    ) -> None:
        self.settings = settings
        rules = list(rules)
        self.names = {rule.id: rule.name for rule in rules}
        self.sections = {rule.id: rule.section for rule in rules}
        self.names |= {own.id: own.name for own in OWN.values()}
        self.aliases = {rule.id: frozenset(ids(rule.known_as, rule.module)) for rule in rules}
        honoured = settings.values["honor"]
        self.comments = [one for one in comments if not one.peer or one.peer in honoured]
        self.by_path: dict[str, list[Comment]] = {}
        for comment in self.comments:
            self.by_path.setdefault(comment.location.path, []).append(comment)
        self.patterns = [
            (glob, Pattern(glob), words)
            for glob, words in settings.values["per-file-ignores"].items()
        ]
        self.used: set[tuple[Comment | str, str]] = set()
        self.today = self.soon = ""
        if any(comment.until for comment in self.comments):
            self.today, self.soon = settings.day(), settings.day(SOON_DAYS)

    def about(self, result: Result) -> tuple[Suppression, ...]:
        """Every suppression of this result; the expired ones suppress nothing."""
        places = (result.location, *result.related_locations)
        found = dict.fromkeys(
            suppression for place in places for suppression in self._at(place, result.rule_id)
        )
        return tuple(found)

    def _at(self, place: Location, id: str) -> Iterator[Suppression]:
        own = (id, self.names.get(id, id))
        for comment in self.by_path.get(place.path, ()):
            for word in comment.ids:
                theirs = comment.peer and word.lower() in self.aliases.get(id, ())
                if (theirs or word in own) and _touches(place.region, comment.covers):
                    self.used.add((comment, word))
                    if not self._is_over(comment):
                        said = comment.reason or (f"for {comment.peer}" if comment.peer else "")
                        yield Suppression("inSource", said, comment.location)
        for glob, pattern, words in self.patterns:
            if pattern.matches(place.path):
                for word in words:
                    if selection.closeness(word, *own, self.sections.get(id, ""), True):
                        self.used.add((glob, word))
                        yield Suppression("external", "", self.settings.place(glob))

    def _is_over(self, comment: Comment) -> bool:
        return bool(comment.until) and (not _is_date(comment.until) or comment.until < self.today)

    def remarks(self, broken: set[str]) -> Iterator[Result]:
        """What is wrong with the suppressions; `broken` are files not all of which was seen."""
        for comment in self.comments:
            if not comment.peer:
                yield from self._remarks(comment, comment.location.path in broken)
        for glob, _, words in self.patterns:
            for word in words:
                if not selection.exists(word):
                    yield _said("PRE020", self.settings.place(glob), IGNORED(word))
                elif (glob, word) not in self.used and self._ran(word):
                    yield _said("PRE001", self.settings.place(glob), IDLE(word, glob))
        for word in (*self.settings.values["ignore"], *self.settings.values["extend-ignore"]):
            if not selection.exists(word):
                yield _said("PRE020", self.settings.place(word), IGNORED(word))

    def _remarks(self, comment: Comment, broken: bool) -> Iterator[Result]:
        where = comment.location
        if not comment.ids:
            yield _said("PRE002", where, INVALID(comment.reason))
            return
        for word in comment.ids:
            if not (word in self.names or word in self.names.values() or selection.exists(word)):
                yield _said("PRE002", where, UNKNOWN(word))
            elif (comment, word) not in self.used and self._ran(word) and not broken:
                yield _said("PRE001", where, UNUSED(word))
        useful = any((comment, word) in self.used for word in comment.ids)
        if useful and self._is_over(comment):
            dated = _is_date(comment.until)
            said = EXPIRED(comment.until) if dated else UNDATED(comment.until)
            yield _said("PRE003", where, said)
        elif useful and comment.until and comment.until <= self.soon:
            yield _said("PRE022", where, EXPIRES(comment.until))
        if self.settings.values["require-reasons"] and not comment.reason:
            yield _said("PRE004", where, UNREASONED(", ".join(comment.ids)))

    def _ran(self, word: str) -> bool:
        """Whether a rule of this name ran, on all files that were asked about."""
        if self.settings.only or self.settings.changed is not None:
            return False
        return any(
            id not in OWN and selection.closeness(word, id, name, self.sections[id], True)
            for id, name in self.names.items()
            if id not in OWN
        )


def _said(id: str, where: Location, text: Text) -> Result:
    level: Level = OWN[id].level
    return Result(where, text, level=level, rule_id=id)


def _touches(region: Region, lines: tuple[int, int]) -> bool:
    first, last = lines
    return region.start_line <= last and max(region.end_line, region.start_line) >= first


def _is_date(text: str) -> bool:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return False
    from datetime import date

    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
