"""The map as a picture: one SVG, the worlds of production below each other."""

from __future__ import annotations

from flask_preflight.chart import Chart
from flask_preflight.report.drawing import Drawing, draw
from flask_preflight.report.maps import Marks, drawn_charts
from flask_preflight.report.source import shown
from flask_preflight.report.summary import plural
from flask_preflight.report.templates import rendered, style
from flask_preflight.run import Report

_GAP = 44


def svg(report: Report) -> str:
    """One picture of every world of production, or of all where there is none."""
    marks = Marks(report)
    charts = drawn_charts(report)
    drawings = [(chart, draw(chart, marks)) for chart in charts]
    width = max((drawing.width for _, drawing in drawings), default=300)
    tops, height = [], 0
    for _, drawing in drawings:
        tops.append(height + _GAP)
        height += drawing.height + _GAP
    return rendered(
        "maps.svg",
        worlds=[
            {"title": heading(chart, drawing), "drawing": drawing, "top": top}
            for (chart, drawing), top in zip(drawings, tops, strict=True)
        ],
        width=width,
        height=height + _GAP // 2,
        style=style("standalone", "map"),
    )


def heading(chart: Chart, drawing: Drawing) -> str:
    """The world, and what the picture leaves out of it."""
    said = f"{chart.title}, {chart.role}"
    if drawing.left_out:
        said += f", without {plural(drawing.left_out, 'node')} that lead to no application"
    return shown(said)
