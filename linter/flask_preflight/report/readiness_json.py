"""The readiness report for programs: the same states and numbers as data."""

from __future__ import annotations

from typing import Any

from flask_preflight.report.checklist import FORMULA, SCORING, Row, Score
from flask_preflight.report.escape import json_text
from flask_preflight.report.readiness import Finding, Page, codes, places, proof

SCHEMA = 1


def json(page: Page) -> str:
    """One JSON document."""
    from json import dumps

    return json_text(dumps(data(page), ensure_ascii=False, indent=2)) + "\n"


def data(page: Page) -> dict[str, Any]:
    """The report as data."""
    return {
        "schema": SCHEMA,
        "tool": {"name": "flask-preflight", "version": page.version},
        "project": page.project,
        "revision": page.revision or None,
        "date": page.date or None,
        "scoring": SCORING,
        "formula": FORMULA,
        **_score(page.score),
        "states": page.counts,
        "results": page.results,
        "incomplete": page.incomplete,
        "sections": [
            {
                "section": part.chapter.section,
                "question": part.chapter.question,
                **_score(part.chapter.score),
                "states": part.counts,
                "items": [_row(row) for row in part.chapter.rows],
                "findings": [_finding(finding) for finding in part.findings],
            }
            for part in page.parts
        ],
        "files": dict(page.files),
        "not_analysed": dict(page.unread),
    }


def _score(score: Score) -> dict[str, int | None]:
    return {
        "readiness": score.readiness,
        "coverage": score.coverage,
        "attested": score.attested,
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "key": row.item.key,
        "title": row.item.title,
        "weight": row.item.weight,
        "state": row.state,
        "reason": proof(row),
        "proof": list(places(row)),
        "codes": list(codes(row)),
        "would_count": row.item.would_count,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.id,
        "name": finding.name,
        "level": finding.level,
        "places": [{"place": one.where, "message": one.message} for one in finding.places],
        "more": finding.more,
    }
