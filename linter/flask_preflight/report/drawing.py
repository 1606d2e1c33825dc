"""Where the boxes and lines of a chart are, in pixels; needs the extra `report`."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask_preflight.chart import Chart, Edge, Node
from flask_preflight.report.maps import MOST_BOXES, Marks, place, worst
from flask_preflight.report.source import shown
from flask_preflight.result import Level

_LETTER = 7.3
_SMALL_LETTER = 6.6
_HEIGHT = 48.0
_MARGIN = 12.0
_MOST_LETTERS = 34
_HEAD = 7.0
_STATES: dict[Level | None, str] = {
    "error": "✕ error",
    "warning": "! warning",
    "note": "· note",
    None: "✓ ok",
}


class Box(NamedTuple):
    """A node; `x` and `y` are its upper left corner, `whole` what a reader hears."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    title: str
    state: str
    level: Level | None
    known: bool
    whole: str


class Wire(NamedTuple):
    """An edge as SVG writes points; `x` is the middle of its label, `y` its base line."""

    points: str
    head: str
    label: str
    x: float
    y: float
    width: float
    state: str
    title: str


class Drawing(NamedTuple):
    """A chart with its size; `left_out` counts the nodes that are not drawn."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    wires: tuple[Wire, ...]
    left_out: int


def draw(chart: Chart, marks: Marks) -> Drawing:
    """Lay a chart out in layers, from the sources on the left to the clients on the right."""
    import graphlay

    nodes, edges = _kept(chart)
    graph = graphlay.Graph()
    boxes = [_box(node, marks) for node in nodes]
    for node, box in zip(nodes, boxes, strict=True):
        graph.node(node.id, width=box.width, height=box.height)
    labels = [_label(edge, marks) for edge in edges]
    for edge, label in zip(edges, labels, strict=True):
        size = {"width": len(label) * _SMALL_LETTER, "height": 14.0} if label else None
        graph.edge(edge.start, edge.end, label_size=size)
    options = {"labels": {"reservation": "always"}, "spacing": {"node_gap": 22.0}}
    found = graphlay.layout(graph, preset="layered", options=options)
    left, top = _corner(found.bounds["min"])
    right, bottom = _corner(found.bounds["max"])
    placed = [
        box._replace(
            x=_round(at["center"]["x"] - box.width / 2 - left + _MARGIN),
            y=_round(at["center"]["y"] - box.height / 2 - top + _MARGIN),
        )
        for box, at in zip(boxes, found.nodes, strict=True)
    ]
    wires = [
        _wire(edge, label, drawn, (left - _MARGIN, top - _MARGIN), marks)
        for edge, label, drawn in zip(edges, labels, found.edges, strict=True)
    ]
    width, height = int(right - left + 2 * _MARGIN) + 1, int(bottom - top + 2 * _MARGIN) + 1
    return Drawing(width, height, tuple(placed), tuple(wires), len(chart.nodes) - len(nodes))


def _kept(chart: Chart) -> tuple[tuple[Node, ...], tuple[Edge, ...]]:
    """All nodes, or in a large world those that an application is connected with."""
    if len(chart.nodes) <= MOST_BOXES:
        return chart.nodes, chart.edges
    kept = {node.id for node in chart.nodes if node.kind == "application"}
    size = -1
    while size != len(kept):
        size = len(kept)
        kept |= {edge.end for edge in chart.edges if edge.start in kept}
    kept |= {edge.start for edge in chart.edges if edge.end in kept}
    nodes = tuple(node for node in chart.nodes if node.id in kept)[:MOST_BOXES]
    ids = {node.id for node in nodes}
    return nodes, tuple(e for e in chart.edges if e.start in ids and e.end in ids)


def _box(node: Node, marks: Marks) -> Box:
    title = _short(shown(node.title))
    level = worst(marks.of_node(node))
    state = _STATES[level] if level or node.known else "? unknown"
    if level is None and node.kind in ("clients", "pipeline"):
        state = ""
    letters = max(len(title), len(node.kind) + len(state) + 3)
    width = _round(letters * _LETTER + 22)
    whole = f"{node.kind} {shown(node.title)} {place(node.location)}".rstrip() + f" {state[2:]}"
    return Box(0, 0, width, _HEIGHT, node.kind, title, state, level, node.known, whole)


def _short(text: str) -> str:
    if len(text) <= _MOST_LETTERS:
        return text
    half = (_MOST_LETTERS - 1) // 2
    return text[:half] + "…" + text[-half:]


def _label(edge: Edge, marks: Marks) -> str:
    broken = marks.broken(edge)
    said = f"✕ {edge.label} {broken.rule_id}" if broken else edge.label
    return _short(shown(said))


def _wire(edge: Edge, label: str, drawn: Any, corner: tuple[float, float], marks: Marks) -> Wire:
    points = [(p["x"] - corner[0], p["y"] - corner[1]) for p in drawn["points"]]
    anchor = drawn["label_anchor"] or {"x": corner[0], "y": corner[1]}
    broken = marks.broken(edge)
    state = "broken" if broken else "known" if edge.known else "unknown"
    title = f"{edge.label} {place(edge.location)} {state}".strip()
    return Wire(
        " ".join(f"{_round(x)},{_round(y)}" for x, y in points),
        _head(points),
        label,
        _round(anchor["x"] - corner[0]),
        _round(anchor["y"] - corner[1] + 3.5),
        _round(len(label) * _SMALL_LETTER + 2),
        state,
        shown(title),
    )


def _head(points: list[tuple[float, float]]) -> str:
    """The arrow at the last point, in the direction of the last stretch."""
    (x0, y0), (x1, y1) = points[-2], points[-1]
    length = max(((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5, 1e-6)
    dx, dy = (x1 - x0) / length, (y1 - y0) / length
    backx, backy = x1 - dx * _HEAD, y1 - dy * _HEAD
    side = _HEAD * 0.45
    corners = (
        (x1, y1),
        (backx - dy * side, backy + dx * side),
        (backx + dy * side, backy - dx * side),
    )
    return " ".join(f"{_round(x)},{_round(y)}" for x, y in corners)


def _corner(point: Any) -> tuple[float, float]:
    return float(point["x"]), float(point["y"])


def _round(number: float) -> float:
    return round(number, 1)
