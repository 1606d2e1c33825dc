"""What every form of the readiness report holds, in the order in which it is read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from flask_preflight import __version__, docs
from flask_preflight.facts import State
from flask_preflight.report import View
from flask_preflight.report.checklist import Chapter, Row, Score, chapters, counts, score
from flask_preflight.report.maps import place
from flask_preflight.report.source import Frame, Source, sentence, shown
from flask_preflight.report.summary import (
    name_of,
    not_analysed,
    recognised,
    rules_by_id,
    section_of,
)
from flask_preflight.result import LEVELS, Level, Location, Result
from flask_preflight.rule import SECTIONS
from flask_preflight.run import Report

MOST_URGENT = 10
MOST_PLACES = 25
"""So many places of one rule are shown with their lines; the rest is counted."""


class Place(NamedTuple):
    """Where something is, with its line if that can be shown."""

    where: str
    message: str
    level: Level
    frame: Frame | None
    related: tuple[str, ...]


class Finding(NamedTuple):
    """All results of one rule in one section."""

    id: str
    name: str
    level: Level
    summary: str
    why: str
    fix: str
    places: tuple[Place, ...]
    more: int

    @property
    def suppression(self) -> str:
        """The comment that accepts it, to be copied."""
        return f"# preflight: ignore[{self.id}] reason"


class Part(NamedTuple):
    """One section: its checklist and its findings, strongest first."""

    chapter: Chapter
    counts: dict[State, int]
    findings: tuple[Finding, ...]
    most_urgent: str


class Page(NamedTuple):
    """The whole report. `date` is empty unless it was asked for."""

    project: str
    revision: str
    date: str
    version: str
    score: Score
    counts: dict[State, int]
    results: dict[Level, int]
    urgent: tuple[Finding, ...]
    parts: tuple[Part, ...]
    files: tuple[tuple[str, int], ...]
    unread: tuple[tuple[str, int], ...]
    unparsed: tuple[Place, ...]
    narrowed: tuple[str, ...]
    incomplete: bool


def page(report: Report, view: View, project: str, date: str = "") -> Page:
    """Everything that a reader gets to see, masked and on one line each."""
    source = Source(report)
    found = chapters(report)
    all_rows = [row for chapter in found for row in chapter.rows]
    by_section = {section: _findings(report, source, section) for section in SECTIONS}
    parts = tuple(_part(chapter, by_section[chapter.section]) for chapter in found)
    kinds: dict[str, int] = {}
    for file in filter(recognised, report.files):
        for kind in file.kinds:
            kinds[kind] = kinds.get(kind, 0) + 1
    levels = dict.fromkeys(reversed(LEVELS), 0)
    for result in report.results:
        levels[result.level or "note"] += 1
    return Page(
        project=shown(project),
        revision=shown(view.provenance.revision[:12]),
        date=date,
        version=__version__,
        score=score(all_rows),
        counts=counts(all_rows),
        results=levels,
        urgent=_urgent(one for findings in by_section.values() for one in findings),
        parts=parts,
        files=tuple(sorted(kinds.items())),
        unread=tuple(not_analysed(report).items()),
        unparsed=tuple(
            _place(result, source) for result in report.results if result.rule_id == "PRE010"
        ),
        narrowed=tuple(map(shown, view.narrowed)),
        incomplete=report.exit_code == 2,
    )


def _part(chapter: Chapter, findings: tuple[Finding, ...]) -> Part:
    missing = [row for row in chapter.rows if row.state == "missing"]
    if findings and findings[0].level != "note":
        urgent = findings[0].places[0].message
    else:
        urgent = f"{missing[0].item.title}: {missing[0].reason}" if missing else ""
    return Part(chapter, counts(chapter.rows), findings, shown(urgent))


def _findings(report: Report, source: Source, section: str) -> tuple[Finding, ...]:
    rules = rules_by_id(report)
    grouped: dict[str, list[Result]] = {}
    for result in report.results:
        if section_of(result.rule_id, rules) == section:
            grouped.setdefault(result.rule_id, []).append(result)
    found = [_finding(id, results, report, source) for id, results in grouped.items()]
    return tuple(sorted(found, key=_urgency))


def _finding(id: str, results: list[Result], report: Report, source: Source) -> Finding:
    rules = rules_by_id(report)
    doc = docs.parse(rules[id].doc)
    strongest = sorted(results, key=lambda one: -LEVELS.index(one.level or "note"))
    return Finding(
        id,
        name_of(id, rules),
        strongest[0].level or "note",
        doc.summary,
        docs.unfold(doc.description),
        docs.unfold(doc.fix),
        tuple(_place(result, source) for result in strongest[:MOST_PLACES]),
        max(0, len(results) - MOST_PLACES),
    )


def _urgency(finding: Finding) -> tuple[int, int, str]:
    return -LEVELS.index(finding.level), -len(finding.places) - finding.more, finding.id


def _urgent(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted((f for f in findings if f.level != "note"), key=_urgency)[:MOST_URGENT])


def _place(result: Result, source: Source) -> Place:
    return Place(
        shown(place(result.location)),
        sentence(result),
        result.level or "note",
        source.frame(result.location),
        tuple(_related(one) for one in result.related_locations),
    )


def _related(where: Location) -> str:
    return shown(f"{place(where)} {where.message}".strip())


def proof(row: Row) -> str:
    """Why an item is in its state, in one clause."""
    if row.attestation is not None:
        one = row.attestation
        dates = f", reviewed {one.reviewed}" if one.reviewed else ", never reviewed"
        dates += f", valid until {one.expires}" if one.expires else ""
        return shown(f"{one.statement}{f' ({one.owner})' if one.owner else ''}{dates}")
    if row.state == "accepted":
        reasons = [s.justification for r in row.accepted for s in r.suppressions if s.justification]
        return shown("accepted: " + ("; ".join(dict.fromkeys(reasons)) or "no reason given"))
    return shown(row.reason)


def places(row: Row) -> tuple[str, ...]:
    """Where the proof is."""
    return tuple(shown(place(where)) for where in row.proof)


def codes(row: Row) -> tuple[str, ...]:
    """The rules whose results decided the state."""
    return tuple(dict.fromkeys(one.rule_id for one in (*row.results, *row.accepted)))


def percent(number: int | None) -> str:
    """ "74 %", or what stands for a number that there is not."""
    return "–" if number is None else f"{number} %"
