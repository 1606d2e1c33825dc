"""What every format says about the whole: counts, the nine sections, what was not analysed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from flask_preflight.about import OWN
from flask_preflight.report import checklist
from flask_preflight.result import LEVELS, Level, Result, several
from flask_preflight.rule import SECTIONS, Rule, Section
from flask_preflight.run import File, Report

HIDDEN_STATES = ("not-applicable", "not-checked")


class Standing(NamedTuple):
    """One section: its results by level, its items, and whether anything in it could be judged."""

    section: Section
    counts: dict[Level, int]
    items: tuple[checklist.Row, ...]
    applies: bool


def plural(count: int, word: str) -> str:
    """ "1 error", "2 errors"."""
    return f"{count:,} {word}" + ("s" if count != 1 else "")


def levels(results: tuple[Result, ...]) -> dict[Level, int]:
    """How many results of each level, strongest first."""
    counted = Counter(result.level or "note" for result in results)
    return {level: counted[level] for level in reversed(LEVELS)}


def counts(found: dict[Level, int]) -> str:
    """ "1 error, 2 notes", or "no results"."""
    parts = [plural(count, level) for level, count in found.items() if count]
    return ", ".join(parts) or "no results"


def rules_by_id(report: Report) -> dict[str, Rule]:
    """The rules of the run."""
    return {rule.id: rule for rule in report.rules}


def name_of(id: str, rules: dict[str, Rule]) -> str:
    """The name of a rule, or of a word of the linter's own."""
    return rules[id].name if id in rules else OWN[id].name if id in OWN else id.lower()


def section_of(id: str, rules: dict[str, Rule]) -> str:
    """The section of a rule; the linter's own words have none."""
    return rules[id].section if id in rules else ""


def recognised(file: File) -> bool:
    """Whether the file is more than text."""
    return any(kind not in ("text", "doc") for kind in file.kinds)


def sections(report: Report) -> Iterator[Standing]:
    """The nine sections in their order."""
    rules = rules_by_id(report)
    found = checklist.rows(report)
    checked = {rules[id].section for id, count in report.checked.items() if count and id in rules}
    for section in SECTIONS:
        results = tuple(r for r in report.results if section_of(r.rule_id, rules) == section)
        items = tuple(
            row for row in found if row.item.section == section and row.state not in HIDDEN_STATES
        )
        applies = bool(results or items or section in checked)
        yield Standing(section, levels(results), items, applies)


def standing(found: Standing) -> str:
    """One section in one line."""
    if not found.applies:
        return "nothing to check"
    said = counts(found.counts)
    if not found.items:
        return said
    there = [row for row in found.items if row.state in ("present", "attested", "accepted")]
    said += f"; {len(there)} of {plural(len(found.items), 'practice')} in place"
    for state in ("missing", "weak", "unknown"):
        titles = [row.item.title for row in found.items if row.state == state]
        if titles:
            said += f"; {state}: {several(titles, 4)}"
    return said


def not_analysed(report: Report) -> dict[str, int]:
    """How many files were left alone by design, by the reason."""
    counted = Counter(
        note.message.arguments[0] if note.message.arguments else str(note.message)
        for note in report.notifications
        if note.id == "PRE011" and note.level == "note"
    )
    return dict(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))


def summary(report: Report) -> str:
    """The last line, without the time."""
    files = sum(map(recognised, report.files))
    notes = report.notifications
    unparsed = {n.location.path for n in notes if n.id == "PRE010" and n.location}
    unread = {n.location.path for n in notes if _is_unread(n.id, n.level) and n.location}
    aside = [
        (len(report.suppressed), "suppressed"),
        (len(unparsed), "not parsed"),
        (len(unread), "not checked"),
        (sum(not_analysed(report).values()), "not analysed"),
    ]
    said = [f"{count:,} {word}" for count, word in aside if count]
    inside = f" ({', '.join(said)})" if said else ""
    return f"{counts(levels(report.results))} in {plural(files, 'file')}{inside}"


def _is_unread(id: str, level: Level) -> bool:
    return id == "PRE011" and level != "note"
