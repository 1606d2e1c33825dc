"""Manifests that Helm made: which template of which chart each line comes from.

Source: the comments of `helm template`, `# Source: chart/templates/file.yaml`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter

from flask_preflight.lazy import expression
from flask_preflight.result import Location, Region
from flask_preflight.run import Tree

_SOURCE = expression(r"# Source: ([^\s/]+)/(\S+)")
_CHART = expression(r"(?m)^name:[ \t]*[\"']?([\w.-]+)")
_KEY = expression(r"\s*(?:- )?([\w./-]+:)")


class Rendered:
    """One such file."""

    def __init__(self, tree: Tree, text: str) -> None:
        self._tree = tree
        self._lines = text.split("\n")
        found = ((n, _SOURCE.match(line)) for n, line in enumerate(self._lines, 1))
        named = [(number, match[1], match[2]) for number, match in found if match is not None]
        self._starts = [number for number, _, _ in named]
        charts = {chart: self._charts(chart) for chart in {chart for _, chart, _ in named}}
        self._templates = [self._template(charts[chart], path) for _, chart, path in named]

    def origin(self, line: int) -> Location | None:
        """Where the template says what stands on this line; None if it is not in the repository."""
        index = bisect_right(self._starts, line) - 1
        template = self._templates[index] if index >= 0 else ""
        if not template:
            return None
        number = self._line(self._tree.text(template) or "", self._lines[line - 1])
        return Location(template, Region(number, 1, number, 1)).saying("made from this template")

    def _charts(self, name: str) -> list[str]:
        """The folders of the charts of this name."""
        found = []
        for file in self._tree.files:
            if file.path.endswith("Chart.yaml"):
                match = _CHART.search(self._tree.text(file.path) or "")
                if match is not None and match[1] == name:
                    found.append(file.path.removesuffix("Chart.yaml"))
        return found

    def _template(self, charts: list[str], path: str) -> str:
        """The file of the only chart that has it."""
        found = [f"{chart}{path}" for chart in charts if self._tree.file(f"{chart}{path}")]
        return found[0] if len(found) == 1 else ""

    def _line(self, template: str, line: str) -> int:
        """The line with the same words, else with the same key; the first if there are several."""
        lines = template.split("\n")
        for same in (str.strip, _key):
            wanted = same(line)
            if wanted and Counter(map(same, lines))[wanted] == 1:
                return next(n for n, one in enumerate(lines, 1) if same(one) == wanted)
        return 1


def _key(line: str) -> str:
    match = _KEY.match(line)
    return "" if match is None else match[1]
