"""Lines of the repository as they may be shown: masked, escaped and cut."""

from __future__ import annotations

from typing import NamedTuple

from flask_preflight.artifacts.secret import REDACTED, mask
from flask_preflight.limits import MAX_FRAME_CHARS
from flask_preflight.report.escape import short, terminal
from flask_preflight.result import Location, Region, Result
from flask_preflight.run import Report

SECRETS = frozenset(("CWE-798", "CWE-259", "CWE-321", "CWE-522", "CWE-260", "CWE-312"))


class Frame(NamedTuple):
    """One line (1-based) with the marked columns, 1-based and exclusive at the end."""

    line: int
    text: str
    start: int
    end: int


class Source:
    """The texts of a report, line by line."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._lines: dict[str, list[str]] = {}
        rules = {rule.id for rule in report.rules if SECRETS.intersection(rule.known_as)}
        found = (*report.results, *report.suppressed)
        self._told = {
            (one.location.path, one.location.region.start_line)
            for one in found
            if one.rule_id in rules
        }
        """Lines in which a rule saw a secret that the mask alone may not see."""

    def lines(self, path: str) -> list[str]:
        """The lines of a file without their ends, or none."""
        if path not in self._lines:
            text = self._report.texts(path) if path else None
            lines = [line.removesuffix("\r") for line in text.split("\n")] if text else []
            self._lines[path] = lines
        return self._lines[path]

    def line(self, place: Location) -> str | None:
        """The first line of a place as it is in the file, or None."""
        lines = self.lines(place.path)
        number = place.region.start_line
        return lines[number - 1] if 1 <= number <= len(lines) else None

    def exact(self, place: Location) -> Region:
        """The region with an end, inside the text, on the lines that there are."""
        region = place.region
        lines = self.lines(place.path)
        start = max(1, min(region.start_line, len(lines) or 1))
        end = max(start, min(region.end_line or start, len(lines) or 1))
        first, last = (lines[start - 1], lines[end - 1]) if lines else ("", "")
        column = max(1, min(region.start_column, len(first) + 1))
        if region.end_line:
            stop = max(1, min(region.end_column, len(last) + 1))
        else:
            stop = len(first.rstrip()) + 1
        if end == start:
            stop = max(stop, column)
        return Region(start, column, end, stop)

    def one_line(self, place: Location) -> Region:
        """As `exact`, but cut at the end of its first line: reviews show only such results."""
        region = self.exact(place)
        if region.end_line == region.start_line:
            return region
        first = self.lines(place.path)[region.start_line - 1]
        stop = max(len(first.rstrip()) + 1, region.start_column)
        return region._replace(end_line=region.start_line, end_column=stop)

    def masked(self, path: str, number: int) -> str:
        """A line (1-based) without what must not be printed."""
        lines = self.lines(path)
        line = lines[number - 1]
        shown = mask(line, lines[number - 2] if number > 1 else "")
        return REDACTED if shown == line and (path, number) in self._told else shown

    def is_secret(self, place: Location) -> bool:
        """Whether the line holds something that must not be printed, nor its hash."""
        line = self.line(place)
        return line is not None and self.masked(place.path, place.region.start_line) != line

    def frame(self, place: Location) -> Frame | None:
        """The line of a place for people, or None."""
        line = self.line(place)
        if line is None or not line.strip():
            return None
        region = self.one_line(place)
        masked = self.masked(place.path, region.start_line)
        start, end = region.start_column, region.end_column
        if masked != line:
            start, end = len(masked) - len(masked.lstrip()) + 1, len(masked.rstrip()) + 1
        begin = max(0, start - 1 - MAX_FRAME_CHARS // 2) if len(masked) > MAX_FRAME_CHARS else 0
        shown = masked[begin : begin + MAX_FRAME_CHARS]
        before = terminal(shown[: start - 1 - begin].replace("\t", " "))
        marked = terminal(shown[start - 1 - begin : end - 1 - begin].replace("\t", " "))
        whole = before + marked + terminal(shown[end - 1 - begin :].replace("\t", " "))
        return Frame(region.start_line, terminal(whole), len(before) + 1, len(before + marked) + 1)


def sentence(result: Result) -> str:
    """What a result says, with the things it is about, masked and cut."""
    subject = f" ({mask(result.subject)})" if result.subject else ""
    return short(result.message.each(mask) + subject)


def shown(text: str) -> str:
    """Any text of the repository on one line, masked and cut."""
    return terminal(short(mask(text)))
