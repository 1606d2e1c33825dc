"""The readiness report as one page: no script, no request, light and dark, on screen and paper."""

from __future__ import annotations

from typing import Any

from flask_preflight.chart import Chart
from flask_preflight.report.checklist import FORMULA, SCORING, STATES, Row
from flask_preflight.report.drawing import draw
from flask_preflight.report.maps import Marks, drawn_charts, place, worst
from flask_preflight.report.readiness import Page, Part, codes, percent, places, proof
from flask_preflight.report.readiness_text import numbers
from flask_preflight.report.source import shown
from flask_preflight.report.svg import heading
from flask_preflight.report.templates import rendered, style
from flask_preflight.run import Report

MOST_WORLDS = 8
"""So many worlds are drawn; the tables hold all of them."""
SIGNS = {
    "missing": "✕",
    "weak": "!",
    "unknown": "?",
    "not-checked": "–",
    "accepted": "≈",
    "attested": "✎",
    "present": "✓",
    "not-applicable": "·",
}
"""A sign for each state: colour alone tells nothing to many."""
_BAR = 100.0


def html(page: Page, report: Report) -> str:
    """The whole page."""
    marks = Marks(report)
    charts = drawn_charts(report)
    return rendered(
        "report.html",
        page=page,
        summary=numbers(page.score),
        percent=percent,
        states=[state for state in STATES if state in page.counts],
        signs=SIGNS,
        bar_of_page=_bar(page.counts),
        tiles=[_tile(part) for part in page.parts],
        maps=[_map(chart, marks, number) for number, chart in enumerate(charts[:MOST_WORLDS])],
        undrawn=len(charts[MOST_WORLDS:]),
        sections=[_section(part) for part in page.parts],
        formula=FORMULA,
        scoring=SCORING,
        style=style("page", "map"),
    )


def _bar(found: dict[Any, int]) -> list[dict[str, Any]]:
    """The stretches of a bar, each with its state, from left to right."""
    shares = [state for state in reversed(STATES) if state in found and state != "not-applicable"]
    whole = sum(found[state] for state in shares)
    stretches, left = [], 0.0
    for state in shares:
        width = found[state] * _BAR / whole
        stretches.append({"state": state, "x": round(left, 2), "width": round(width, 2)})
        left += width
    return stretches


def _tile(part: Part) -> dict[str, Any]:
    score = part.chapter.score
    return {
        "section": part.chapter.section,
        "readiness": percent(score.readiness),
        "bar": _bar(part.counts),
        "counts": ", ".join(
            f"{count} {state.replace('-', ' ')}"
            for state, count in part.counts.items()
            if state != "not-applicable"
        ),
        "urgent": part.most_urgent,
    }


def _section(part: Part) -> dict[str, Any]:
    shown_rows = [row for row in part.chapter.rows if row.state != "not-applicable"]
    aside = [row.item.title for row in part.chapter.rows if row.state == "not-applicable"]
    return {
        "name": part.chapter.section,
        "question": part.chapter.question,
        "readiness": percent(part.chapter.score.readiness),
        "coverage": percent(part.chapter.score.coverage),
        "rows": [_row(row) for row in shown_rows],
        "aside": ", ".join(aside),
        "findings": part.findings,
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "state": row.state,
        "title": row.item.title,
        "key": row.item.key,
        "proof": proof(row),
        "places": places(row)[:3],
        "codes": codes(row),
        "would_count": row.item.would_count if row.state == "unknown" else "",
    }


def _map(chart: Chart, marks: Marks, number: int) -> dict[str, Any]:
    drawing = draw(chart, marks)
    return {
        "id": f"map-{number}",
        "title": heading(chart, drawing),
        "drawing": drawing,
        "description": shown(
            f"{len(chart.nodes)} nodes, {len(chart.edges)} links; as a table below"
        ),
        "rows": [row for node in chart.nodes for row in _facts(node, marks)],
    }


def _facts(node: Any, marks: Marks) -> list[dict[str, str]]:
    level = worst(marks.of_node(node)) or ("" if node.known else "unknown")
    head = {
        "what": shown(f"{node.kind} {node.title}"),
        "fact": "",
        "where": shown(place(node.location)),
        "level": level,
    }
    rows = [
        {
            "what": "",
            "fact": shown(f"{detail.name}: {detail.text}"),
            "where": shown(place(detail.location)),
            "level": "" if detail.known else "unknown",
        }
        for detail in node.details
    ]
    return [head, *rows]
