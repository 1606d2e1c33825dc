"""Workflow commands: annotations of a pull request without an upload."""

from __future__ import annotations

from typing import TextIO

from flask_preflight.report import View
from flask_preflight.report.escape import terminal
from flask_preflight.report.source import Source, sentence
from flask_preflight.report.summary import name_of, rules_by_id
from flask_preflight.result import LEVELS, Result
from flask_preflight.run import Report

COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def write_github(report: Report, view: View, stream: TextIO) -> None:
    """Errors first, because GitHub shows ten annotations of each level."""
    source = Source(report)
    rules = rules_by_id(report)
    ordered = sorted(report.results, key=lambda r: -LEVELS.index(r.level or "note"))
    for result in ordered:
        title = f"{result.rule_id} {name_of(result.rule_id, rules)}"
        properties = _properties(result, source, view.prefix, title)
        command = COMMANDS[result.level or "note"]
        stream.write(f"::{command} {properties}::{data(sentence(result))}\n")


def _properties(result: Result, source: Source, prefix: str, title: str) -> str:
    region = source.exact(result.location)
    values = {"file": prefix + result.location.path, "line": region.start_line}
    values["endLine"] = region.end_line
    if region.end_line == region.start_line:
        values |= {"col": region.start_column, "endColumn": region.end_column}
    values["title"] = title
    return ",".join(f"{key}={property_value(str(value))}" for key, value in values.items())


def data(text: str) -> str:
    """The text of a command."""
    return terminal(text).replace("%", "%25")


def property_value(text: str) -> str:
    """The value of a property of a command."""
    return data(text).replace(":", "%3A").replace(",", "%2C")
