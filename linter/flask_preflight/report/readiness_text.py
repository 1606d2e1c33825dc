"""The readiness report for a terminal: two numbers, then section by section what there is to do."""

from __future__ import annotations

from collections.abc import Iterator

from flask_preflight.facts import State
from flask_preflight.report.checklist import FORMULA, LITTLE, SCORING, Row, Score
from flask_preflight.report.readiness import Page, Part, codes, percent, places, proof

WIDTH = 27


def text(page: Page) -> str:
    """The whole report, every line of it harmless on a terminal."""
    return "\n".join(_lines(page)) + "\n"


def _lines(page: Page) -> Iterator[str]:
    yield " ".join(
        word for word in (f"Readiness of {page.project}", page.revision, page.date) if word
    )
    yield numbers(page.score)
    yield states(page.counts)
    if page.incomplete:
        yield "The analysis is incomplete: see `flask-preflight check`."
    for part in page.parts:
        yield from _part(part)
    yield ""
    yield f"Scoring {SCORING}: {FORMULA}."
    yield from page.narrowed


def numbers(score: Score) -> str:
    """Both numbers in one sentence, and what to think of them."""
    if score.readiness is None:
        return "Nothing here can be judged: no application is deployed from this repository."
    said = f"readiness {percent(score.readiness)}"
    if score.attested:
        said += f", of which {score.attested} attested"
    said += f", coverage {percent(score.coverage)}"
    if (score.coverage or 0) < LITTLE:
        said += ": too little is visible to rely on it"
    return said


def states(found: dict[State, int]) -> str:
    """ "3 missing · 1 weak"."""
    return " · ".join(f"{count} {state.replace('-', ' ')}" for state, count in found.items())


def _part(part: Part) -> Iterator[str]:
    chapter = part.chapter
    yield ""
    yield f"{chapter.section}: {chapter.question}"
    yield f"  {percent(chapter.score.readiness)}, {states(part.counts)}"
    for row in chapter.rows:
        if row.state != "not-applicable":
            yield _row(row)


def _row(row: Row) -> str:
    said = f"  {row.state.replace('-', ' '):12} {row.item.title:{WIDTH}}"
    parts = [proof(row), ", ".join(places(row)[:2])]
    if codes(row):
        parts.append(f"[{' '.join(codes(row))}]")
    if row.state == "unknown":
        parts.append(f"would count: {row.item.would_count}; else attest evidence.{row.item.key}")
    return f"{said} {'; '.join(part for part in parts if part)}".rstrip()
