"""For programs: one JSON document. Columns are 1-based code points, ends exclusive."""

from __future__ import annotations

from typing import Any, TextIO

from flask_preflight import __version__
from flask_preflight.report import View
from flask_preflight.report.escape import json_text
from flask_preflight.report.fingerprint import Fingerprints
from flask_preflight.report.source import Source, sentence
from flask_preflight.report.summary import (
    levels,
    name_of,
    not_analysed,
    recognised,
    rules_by_id,
    section_of,
    sections,
)
from flask_preflight.result import Fix, Location, Notification, Result
from flask_preflight.rule import Rule
from flask_preflight.run import Report

SCHEMA = 1


def write_json(report: Report, view: View, stream: TextIO) -> None:
    """The whole report."""
    import json

    text = json.dumps(document(report, view), ensure_ascii=False, indent=2, allow_nan=False)
    stream.write(json_text(text).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029") + "\n")


def document(report: Report, view: View) -> dict[str, Any]:
    """The report as data."""
    source = Source(report)
    prints = Fingerprints(report, source)
    rules = rules_by_id(report)
    results = [*report.results, *(report.suppressed if view.suppressed else ())]
    return {
        "schema": SCHEMA,
        "tool": {"name": "flask-preflight", "version": __version__},
        "root": view.prefix.rstrip("/") or ".",
        "summary": {
            **{f"{level}s": count for level, count in levels(report.results).items()},
            "suppressed": len(report.suppressed),
            "files": sum(map(recognised, report.files)),
            "not_analysed": not_analysed(report),
            "exit_code": report.exit_code,
        },
        "findings": [_finding(result, rules, source, prints) for result in results],
        "sections": [
            {
                "section": found.section,
                "applies": found.applies,
                **{f"{level}s": count for level, count in found.counts.items()},
                "items": {row.item.key: row.state for row in found.items},
            }
            for found in sections(report)
        ],
        "files": [
            {"path": file.path, "kinds": list(file.kinds), "role": file.role}
            for file in report.files
            if recognised(file)
        ],
        "notes": [_note(note) for note in report.notifications],
    }


def _finding(
    result: Result, rules: dict[str, Rule], source: Source, prints: Fingerprints
) -> dict[str, Any]:
    return {
        "code": result.rule_id,
        "name": name_of(result.rule_id, rules),
        "level": result.level,
        "section": section_of(result.rule_id, rules) or None,
        **_place(result.location, source),
        "message": sentence(result),
        "related": [
            {**_place(place, source), "message": place.message}
            for place in result.related_locations
        ],
        "fingerprint": prints.finding(result),
        "fix": _fix(result.fix, source) if result.fix else None,
        "suppression": _suppression(result),
    }


def _place(place: Location, source: Source) -> dict[str, Any]:
    region = source.exact(place)
    return {
        "path": place.path,
        "line": region.start_line,
        "column": region.start_column,
        "end_line": region.end_line,
        "end_column": region.end_column,
    }


def _fix(fix: Fix, source: Source) -> dict[str, Any]:
    return {
        "description": fix.description,
        "safe": fix.safe,
        "edits": [
            {
                **_place(Location(edit.path, edit.deleted_region), source),
                "content": edit.inserted_content,
            }
            for edit in fix.replacements
        ],
    }


def _suppression(result: Result) -> dict[str, Any] | None:
    for suppression in result.suppressions:
        return {
            "kind": suppression.kind,
            "reason": suppression.justification,
            "path": suppression.location.path,
            "line": suppression.location.region.start_line,
        }
    return None


def _note(note: Notification) -> dict[str, Any]:
    where = note.location
    return {
        "code": note.id,
        "level": note.level,
        "path": where.path if where else None,
        "line": where.region.start_line if where else None,
        "message": str(note.message),
    }
