"""The map in every format: what was understood of a deployment, and what was not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from flask_preflight.chart import Chart, Detail, Edge, Node
from flask_preflight.report.escape import json_text
from flask_preflight.report.source import shown
from flask_preflight.report.summary import name_of, rules_by_id
from flask_preflight.result import LEVELS, Level, Location, Result
from flask_preflight.run import Report

SCHEMA = 1
MOST_BOXES = 60
"""Larger worlds are drawn without what leads to no application."""
_PLAIN = frozenset(" _./:,()@*+=$%-")


class Marks:
    """The results of a report by the line that they are about."""

    def __init__(self, report: Report) -> None:
        self._by_line: dict[tuple[str, int], list[Result]] = {}
        self._names = rules_by_id(report)
        for result in report.results:
            place = result.location
            self._by_line.setdefault((place.path, place.region.start_line), []).append(result)

    def at(self, where: Location | None) -> list[Result]:
        """The results at this line."""
        if where is None:
            return []
        return self._by_line.get((where.path, where.region.start_line), [])

    def of_node(self, node: Node) -> list[Result]:
        """The results about a node: at its own line and at those of its details."""
        found = self.at(node.location)
        for detail in node.details:
            found = [*found, *self.at(detail.location)]
        return list(dict.fromkeys(found))

    def broken(self, edge: Edge) -> Result | None:
        """The result that says that this link does not hold."""
        relations = (r for r in self.at(edge.location) if r.rule_id.startswith("DEP"))
        return next((result for result in relations if result.level != "note"), None)

    def name(self, result: Result) -> str:
        return name_of(result.rule_id, self._names)


def worst(results: list[Result]) -> Level | None:
    """The strongest level among them."""
    return max((r.level or "note" for r in results), key=LEVELS.index, default=None)


def place(where: Location | None) -> str:
    """ "Dockerfile:12", or nothing."""
    return f"{where.path}:{where.region.start_line}" if where is not None else ""


class Line(NamedTuple):
    """One line of the textual map: how deep it is, and what it says."""

    depth: int
    text: str


def text(report: Report) -> str:
    """A paragraph for each world, a line for each thing that is known of an entry."""
    said = [line for chart in report.charts() for line in _lines(chart)]
    return "".join("  " * line.depth + shown(line.text) + "\n" for line in said)


def _lines(chart: Chart) -> list[Line]:
    known = ", everything in it is known" if chart.closed else ""
    found = [Line(0, f"{_placed(chart.title, chart.location)}, {chart.role}{known}")]
    for node in chart.nodes:
        if node.id.startswith("entry/") or not chart.edges:
            found.append(Line(1, _placed(f"{node.kind} {node.title}", node.location)))
            found += (Line(2, _said(detail)) for detail in node.details)
    return found


def _said(detail: Detail) -> str:
    return _placed(f"{detail.name}: {detail.text}", detail.location)


def _placed(said: str, where: Location | None) -> str:
    return f"{said} ({place(where)})" if where is not None else said


def json(report: Report) -> str:
    """One JSON document; lines are 1-based."""
    from json import dumps

    marks = Marks(report)
    charts = [_chart(chart, marks) for chart in report.charts()]
    said = dumps({"schema": SCHEMA, "charts": charts}, ensure_ascii=False, indent=2)
    return json_text(said) + "\n"


def _chart(chart: Chart, marks: Marks) -> dict[str, Any]:
    return {
        "title": shown(chart.title),
        "role": chart.role,
        **_where(chart.location),
        "closed": chart.closed,
        "nodes": [_node(node, marks) for node in chart.nodes],
        "edges": [_edge(edge, marks) for edge in chart.edges],
    }


def _where(where: Location | None) -> dict[str, Any]:
    return {
        "path": where.path if where else None,
        "line": where.region.start_line if where else None,
    }


def _node(node: Node, marks: Marks) -> dict[str, Any]:
    results = marks.of_node(node)
    return {
        "id": shown(node.id),
        "kind": node.kind,
        "title": shown(node.title),
        **_where(node.location),
        "known": node.known,
        "level": worst(results),
        "codes": sorted({result.rule_id for result in results}),
        "details": [
            {
                "name": detail.name,
                "text": shown(detail.text),
                **_where(detail.location),
                "known": detail.known,
            }
            for detail in node.details
        ],
    }


def _edge(edge: Edge, marks: Marks) -> dict[str, Any]:
    broken = marks.broken(edge)
    return {
        "from": shown(edge.start),
        "to": shown(edge.end),
        "label": shown(edge.label),
        **_where(edge.location),
        "known": edge.known,
        "broken_by": broken.rule_id if broken else None,
    }


def mermaid(report: Report) -> str:
    """Flowcharts for Markdown, one for each world; what is not certain is dashed."""
    marks = Marks(report)
    return "\n".join(flowchart(chart, marks) for chart in report.charts() if chart.nodes)


def flowchart(chart: Chart, marks: Marks) -> str:
    """One world as Mermaid draws it."""
    ids = {node.id: f"n{number}" for number, node in enumerate(chart.nodes)}
    lines = [f"%% {_harmless(chart.title)}, {chart.role}", "flowchart LR"]
    for node in chart.nodes:
        level = worst(marks.of_node(node))
        said = f"{node.kind}<br>{_harmless(node.title)}" + (f"<br>{level}" if level else "")
        lines.append(f'    {ids[node.id]}["{said}"]')
        if not node.known:
            lines.append(f"    style {ids[node.id]} stroke-dasharray: 5 5")
    lines += (f"    {ids[e.start]} {_arrow(e, marks)} {ids[e.end]}" for e in chart.edges)
    return "\n".join(lines) + "\n"


def _arrow(edge: Edge, marks: Marks) -> str:
    broken = marks.broken(edge)
    label = f"{edge.label} ({broken.rule_id})" if broken else edge.label
    line = "--x" if broken else "-->" if edge.known else "-.->"
    return f'{line}|"{_harmless(label)}"|' if label else line


def _harmless(said: str) -> str:
    """Text that ends no label and starts no tag: Mermaid reads entities with a number sign."""
    letters = shown(said)
    return "".join(c if c.isalnum() or c in _PLAIN else f"#{ord(c)};" for c in letters)


def drawn_charts(report: Report) -> list[Chart]:
    """What is worth a picture: production, else whatever there is."""
    charts = [chart for chart in report.charts() if chart.nodes]
    production = [chart for chart in charts if chart.role == "production"]
    return production or charts


FORMATS: dict[str, Callable[[Report], str]] = {"text": text, "json": json, "mermaid": mermaid}
