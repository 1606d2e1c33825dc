"""For people: every result with its line, the nine sections, and what was not analysed."""

from __future__ import annotations

from collections import Counter
from typing import TextIO

from flask_preflight import docs
from flask_preflight.about import OWN
from flask_preflight.report import View
from flask_preflight.report.escape import terminal
from flask_preflight.report.source import Source, sentence
from flask_preflight.report.summary import (
    name_of,
    not_analysed,
    plural,
    rules_by_id,
    sections,
    standing,
    summary,
)
from flask_preflight.result import Level, Location, Result
from flask_preflight.rule import Rule
from flask_preflight.run import Report

COLOURS: dict[Level, str] = {"error": "31;1", "warning": "33;1", "note": "36;1"}
MANY = 10
"""So many files of one fate are named in the full report; `-v` names all."""


def write_concise(report: Report, view: View, stream: TextIO) -> None:
    """One line per result."""
    rules = rules_by_id(report)
    paint = _Paint(view.colour)
    for result in _listed(report, view):
        level = result.level or "note"
        name = name_of(result.rule_id, rules)
        said = paint(COLOURS[level], level) + f" {result.rule_id} {name}: "
        place = paint("1", _place(result.location, view))
        stream.write(f"{place}: {said}{terminal(sentence(result))}{_why_not(result, view)}\n")
    _statistics(report, view, stream)


def write_full(report: Report, view: View, stream: TextIO) -> None:
    """Every result with its line and its remedy, then the whole."""
    rules = rules_by_id(report)
    source = Source(report)
    for result in _listed(report, view):
        _write_result(result, rules, source, view, stream)
    _statistics(report, view, stream)
    if not view.quiet:
        _write_whole(report, view, stream)


def _listed(report: Report, view: View) -> list[Result]:
    return [*report.results, *(report.suppressed if view.suppressed else ())]


def _why_not(result: Result, view: View) -> str:
    said = [
        f"suppressed by {_place(suppression.location, view)} {suppression.justification}"
        for suppression in result.suppressions
    ]
    return f" ({terminal('; '.join(said).strip())})" if said else ""


class _Paint:
    def __init__(self, on: bool) -> None:
        self.on = on

    def __call__(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.on else text


def _path(where: Location, view: View) -> str:
    return terminal(view.lead + where.path) or "."


def _place(where: Location, view: View) -> str:
    region = where.region
    return f"{_path(where, view)}:{region.start_line}:{region.start_column}"


def _write_result(
    result: Result, rules: dict[str, Rule], source: Source, view: View, stream: TextIO
) -> None:
    paint = _Paint(view.colour)
    level = result.level or "note"
    head = f"{result.rule_id} {name_of(result.rule_id, rules)} {paint(COLOURS[level], level)}"
    stream.write(f"{paint('1', _place(result.location, view))} {head}\n")
    stream.write(f"  {terminal(sentence(result))}{_why_not(result, view)}\n")
    frame = source.frame(result.location)
    if frame is not None:
        number = str(frame.line)
        blank = " " * len(number)
        marks = " " * (frame.start - 1) + "^" * max(1, frame.end - frame.start)
        stream.write(f"  {blank} |\n  {number} | {frame.text}\n")
        stream.write(f"  {blank} | {paint(COLOURS[level], marks)}\n")
    hint = _fix(result.rule_id, rules)
    if hint:
        stream.write(f"  fix: {hint}\n")
    for place in result.related_locations:
        said = f"{_place(place, view)} {terminal(place.message)}".rstrip()
        stream.write(f"  see: {said}\n")
    stream.write("\n")


def _fix(id: str, rules: dict[str, Rule]) -> str:
    if id in OWN:
        return OWN[id].fix.removesuffix(".")
    fix = docs.parse(rules[id].doc).fix if id in rules else ""
    return docs.unfold(fix).replace("\n\n", " ").removesuffix(".")


def _statistics(report: Report, view: View, stream: TextIO) -> None:
    if not view.statistics:
        return
    rules = rules_by_id(report)
    counted = Counter(result.rule_id for result in report.results)
    for id, count in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])):
        stream.write(f"{count:>6} {id} {name_of(id, rules)}\n")


def _write_whole(report: Report, view: View, stream: TextIO) -> None:
    paint = _Paint(view.colour)
    for found in sections(report):
        title = paint("1", found.section.ljust(14))
        stream.write(f"{title} {terminal(standing(found))}\n")
    stream.write("\n")
    stream.writelines(line + "\n" for line in not_seen(report, view))
    stream.write(closing(report, view) + "\n")


def not_seen(report: Report, view: View) -> list[str]:
    """What was not analysed, one line for each reason or file."""
    lines = []
    for reason, count in not_analysed(report).items():
        lines.append(terminal(f"{plural(count, 'file')} not analysed: {reason}"))
    hidden = 0
    for note in report.notifications:
        failed = note.id == "PRE011" and note.level != "note"
        if not (failed or view.verbose and note.id in ("PRE011", "PRE031")):
            continue
        if len(lines) >= MANY + len(not_analysed(report)) and not view.verbose:
            hidden += 1
            continue
        place = _path(note.location, view) if note.location else "."
        lines.append(f"{place}: {note.id} {terminal(str(note.message))}")
    if hidden:
        lines.append(f"{plural(hidden, 'more file')} like these; -v names all of them")
    return lines


def closing(report: Report, view: View) -> str:
    """The summary, how long it took, and what narrowed the run."""
    said = f"{summary(report)}, {view.seconds:.2f} s"
    if view.narrowed:
        said += "; " + terminal("; ".join(view.narrowed))
    if report.exit_code == 2:
        said += "; the analysis is incomplete"
    return said
