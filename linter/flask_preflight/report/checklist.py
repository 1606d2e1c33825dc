"""The readiness checklist as every format shows it: states, proofs and the two numbers.

`link.checklist` judges facts. Here the results of the rules that decide an item, and what is
suppressed of them, are added. All formats are written from these rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from flask_preflight.facts import Attestation, Item, Judged, State
from flask_preflight.result import LEVELS, Level, Location, Result
from flask_preflight.rule import SECTIONS, Section
from flask_preflight.run import Report

SCORING = 1
"""The version of the formula; it changes when the same states give another number."""
STATES: tuple[State, ...] = (
    "missing",
    "weak",
    "unknown",
    "not-checked",
    "accepted",
    "attested",
    "present",
    "not-applicable",
)
"""In the order in which they are shown: what there is to do comes first."""
POINTS: dict[State, int] = {"present": 2, "attested": 2, "weak": 1, "missing": 0}
"""Twice the share of its weight that a decided item gets."""
LITTLE = 50
"""Below this coverage, in per cent, the readiness says little."""
FORMULA = (
    "readiness = weight of what is present or attested, and half of what is weak, "
    "by the weight of all that could be decided; coverage = the weight of what could be decided, "
    "by the weight of all that applies; both rounded down"
)
QUESTIONS: dict[Section, str] = {
    "wsgi": "Does a production server run the application, configured for its load?",
    "container": "Is there an image that is built the same way every time?",
    "orchestration": "Does something start it, watch it and replace it without a gap?",
    "ci-cd": "Is every change tested, built and deployed by a pipeline?",
    "configuration": "Does configuration come from the environment, and no secret from the code?",
    "observability": "Can somebody see what happens, and is told when it goes wrong?",
    "security": "Is traffic encrypted, access limited and the container confined?",
    "scaling": "Do more replicas serve more clients?",
    "recovery": "Is data copied, and does somebody know how to bring it back?",
}


class Row(NamedTuple):
    """One item of the checklist with its final state.

    `results` are the open results that decide it, strongest first; `accepted` those that somebody
    suppressed.
    """

    item: Item
    state: State
    proof: tuple[Location, ...]
    reason: str
    results: tuple[Result, ...]
    accepted: tuple[Result, ...]
    attestation: Attestation | None


class Score(NamedTuple):
    """Whole per cents, rounded down; `readiness` is None where nothing could be decided."""

    readiness: int | None
    coverage: int | None
    attested: int
    """Of the readiness, so much rests on statements alone."""


class Chapter(NamedTuple):
    """One section of the checklist, its rows in the order in which they are shown."""

    section: Section
    question: str
    rows: tuple[Row, ...]
    score: Score


def rows(report: Report) -> tuple[Row, ...]:
    """Every item with its final state, in the order of the checklist."""
    applies = any(judged.state != "not-applicable" for judged in report.items)
    failed = {
        note.message.arguments[0]
        for note in report.notifications
        if note.id == "PRE030" and note.message.arguments
    }
    unseen = report.unselected | failed
    return tuple(_row(judged, report, unseen, applies) for judged in report.items)


def chapters(report: Report) -> tuple[Chapter, ...]:
    """The nine sections; not one is left out."""
    found = rows(report)
    return tuple(
        Chapter(section, QUESTIONS[section], mine, score(mine))
        for section in SECTIONS
        for mine in (_shown(row for row in found if row.item.section == section),)
    )


def _shown(found: Iterable[Row]) -> tuple[Row, ...]:
    return tuple(sorted(found, key=lambda row: (STATES.index(row.state), -row.item.weight)))


def score(found: Iterable[Row]) -> Score:
    """The two numbers of these rows."""
    found = [row for row in found if row.state != "not-applicable"]
    decided = [row for row in found if row.state in POINTS]
    whole = sum(row.item.weight for row in found)
    weight = sum(row.item.weight for row in decided)
    points = sum(row.item.weight * POINTS[row.state] for row in decided)
    attested = sum(row.item.weight for row in decided if row.state == "attested")
    return Score(
        points * 50 // weight if weight else None,
        weight * 100 // whole if whole else None,
        attested * 100 // weight if weight else 0,
    )


def counts(found: Iterable[Row]) -> dict[State, int]:
    """How many items are in each state, without the states that none is in."""
    states = [row.state for row in found]
    return {state: states.count(state) for state in STATES if state in states}


def _row(judged: Judged, report: Report, unseen: frozenset[str], applies: bool) -> Row:
    item = judged.item
    open_results = tuple(r for r in report.results if r.rule_id in item.rules)
    accepted = tuple(r for r in report.suppressed if r.rule_id in item.rules)
    state, reason = judged.state, judged.reason
    if applies:
        state = _state(judged.state, open_results, accepted, bool(unseen.intersection(item.rules)))
    results = tuple(sorted(open_results, key=lambda r: -LEVELS.index(r.level or "note")))
    if state != judged.state and state in ("missing", "weak"):
        reason = str(results[0].message)
    proof = judged.proof
    if state != judged.state and results:
        proof = tuple(dict.fromkeys(result.location for result in results))[:5]
    attestation = report.evidence.get(item.key) if state == "attested" else None
    return Row(item, state, proof, reason, results, accepted, attestation)


def _state(
    state: State, results: tuple[Result, ...], accepted: tuple[Result, ...], unseen: bool
) -> State:
    """What the results make of a state; notes are practice and lower nothing."""
    levels: set[Level] = {result.level or "note" for result in results}
    if "error" in levels:
        return "missing"
    if "warning" in levels and state != "missing":
        return "weak"
    if accepted and not results and state in ("present", "weak", "missing"):
        strong = any(result.level != "note" for result in accepted)
        if strong or state != "present":
            return "accepted"
    if state == "present" and unseen:
        return "not-checked"
    return state
