"""The readiness report in GitHub's Markdown: for a wiki, a pull request or a job summary."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flask_preflight.lazy import expression
from flask_preflight.report.checklist import FORMULA, SCORING, Row
from flask_preflight.report.maps import MOST_BOXES, Marks, drawn_charts, flowchart
from flask_preflight.report.readiness import (
    Finding,
    Page,
    Part,
    codes,
    percent,
    places,
    proof,
)
from flask_preflight.report.readiness_text import numbers, states
from flask_preflight.run import Report

LIMIT = 1_000_000
"""GitHub shows no more than so many bytes of a job summary."""
_SPECIAL = expression(r"([\\`*_{}\[\]()#+!|~@:-])")
_SIGNS = {"missing": "❌", "weak": "⚠️", "present": "✅", "attested": "📝", "accepted": "☑️"}


def markdown(page: Page, report: Report) -> str:
    """The whole report; the findings are left out where they would not fit."""
    text = "\n".join(_lines(page, report, True)) + "\n"
    if len(text.encode()) > LIMIT:
        text = "\n".join(_lines(page, report, False)) + "\n"
    return text


def plain(text: str) -> str:
    """Text that stays text: no markup, no link, nobody mentioned."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SPECIAL.sub(r"\\\1", text)


def code(text: str) -> str:
    """A code span that the text cannot end, also inside of a table."""
    runs = [len(run) for run in re.findall("`+", text)]
    fence = "`" * (max(runs, default=0) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}".replace("|", "\\|")


def _lines(page: Page, report: Report, whole: bool) -> Iterator[str]:
    yield f"# Readiness of {plain(page.project)}"
    yield ""
    yield f"**{plain(numbers(page.score))}**"
    yield ""
    about = [states(page.counts), page.revision and code(page.revision), page.date]
    yield "  \n".join(one for one in about if one)
    yield ""
    yield "| section | readiness | coverage | missing | weak | unknown | present |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for part in page.parts:
        score = part.chapter.score
        cells = [part.chapter.section, percent(score.readiness), percent(score.coverage)]
        cells += [str(part.counts.get(s, 0)) for s in ("missing", "weak", "unknown", "present")]
        yield f"| {' | '.join(cells)} |"
    yield from _urgent(page)
    yield from _maps(report)
    for part in page.parts:
        yield from _part(part, whole)
    yield from _method(page)


def _urgent(page: Page) -> Iterator[str]:
    if page.urgent:
        yield from ("", "## Fix first", "")
        for finding in page.urgent:
            first = finding.places[0]
            many = len(finding.places) + finding.more
            more = f" and {many - 1} more" if many > 1 else ""
            yield (
                f"1. **{finding.level}** {finding.id} {plain(finding.name)}: "
                f"{plain(first.message)} ({code(first.where)}{more})"
            )


def _maps(report: Report) -> Iterator[str]:
    charts = [chart for chart in drawn_charts(report) if len(chart.nodes) <= MOST_BOXES]
    if not charts:
        return
    yield from ("", "## What was understood", "")
    marks = Marks(report)
    for chart in charts:
        yield from (plain(f"{chart.title}, {chart.role}"), "", "```mermaid")
        yield flowchart(chart, marks).rstrip("\n")
        yield from ("```", "")


def _part(part: Part, whole: bool) -> Iterator[str]:
    chapter = part.chapter
    yield from ("", f"## {chapter.section}", "", plain(chapter.question), "")
    yield f"{percent(chapter.score.readiness)}, {states(part.counts)}"
    yield ""
    yield "| state | practice | because | rules |"
    yield "| --- | --- | --- | --- |"
    for row in chapter.rows:
        if row.state != "not-applicable":
            yield _row(row)
    aside = [row.item.title for row in chapter.rows if row.state == "not-applicable"]
    if aside:
        yield from ("", f"Not applicable: {plain(', '.join(aside))}.")
    if not whole:
        return
    for finding in part.findings:
        yield from _finding(finding)


def _row(row: Row) -> str:
    sign = _SIGNS.get(row.state, "❔")
    because = [plain(proof(row)), " ".join(code(one) for one in places(row)[:3])]
    if row.state == "unknown":
        because.append(plain(f"would count: {row.item.would_count}"))
        because.append(f"attest with {code(f'evidence.{row.item.key}')}")
    said = "; ".join(one for one in because if one)
    state = row.state.replace("-", " ")
    return f"| {sign} {state} | {plain(row.item.title)} | {said} | {' '.join(codes(row))} |"


def _finding(finding: Finding) -> Iterator[str]:
    yield from ("", f"### {finding.level}: {finding.id} {plain(finding.name)}", "")
    yield plain(finding.summary)
    yield ""
    for place in finding.places:
        yield f"- {code(place.where)} {plain(place.message)}"
    if finding.more:
        yield f"- and {finding.more} more"
    yield ""
    if finding.fix:
        yield f"Fix: {finding.fix}"
        yield ""
    yield f"Accept it: {code(finding.suppression)}"


def _method(page: Page) -> Iterator[str]:
    yield from ("", "## Method", "")
    yield f"flask-preflight {page.version}, scoring {SCORING}: {plain(FORMULA)}."
    yield ""
    read = ", ".join(f"{count} {kind}" for kind, count in page.files)
    yield f"Read: {plain(read)}."
    for reason, count in page.unread:
        yield f"Not analysed: {count}, {plain(reason)}."
    for line in page.narrowed:
        yield f"{plain(line)}."
