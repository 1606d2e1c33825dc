"""`flask-preflight report`: is this ready for production, and how does one know?"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from flask_preflight.commands.output import must_have_extra, write_file, write_out
from flask_preflight.commands.project import must_not_be_empty, project
from flask_preflight.config import ConfigError
from flask_preflight.report import View
from flask_preflight.report.readiness import Page, page
from flask_preflight.run import Report
from flask_preflight.selection import instead, nearest

FORMATS = ("text", "markdown", "json", "html")


def write(asked: Mapping[str, Any], environment: Mapping[str, str]) -> int:
    """Write the readiness report; the exit code is 2 where the analysis is incomplete."""
    from flask_preflight.commands.check import view_of
    from flask_preflight.scan import scan

    format = asked["format"]
    if format not in FORMATS:
        hint = instead(nearest(format, FORMATS)) or f"; there are {', '.join(FORMATS)}"
        raise ConfigError(f"--format cannot be {format}{hint}")
    if format == "html":
        must_have_extra()
    found = project(asked, environment)
    found.settings.all_rules = True
    tree = found.tree()
    must_not_be_empty(tree, found.root, asked["allow_empty"])
    report = scan(tree, found.settings)
    view = view_of(asked, found)
    date = found.settings.day() if asked["date"] else ""
    text = _text(format, page(report, view, _name(found.root, view), date), report)
    if asked["output"]:
        write_file(asked["output"], text, report.root)
    else:
        write_out(text)
    return 2 if report.exit_code == 2 else 0


def _name(root: str, view: View) -> str:
    """The name of the repository, else of the folder."""
    repository = view.provenance.repository.rstrip("/").rpartition("/")[2].removesuffix(".git")
    folder = os.path.basename(os.path.realpath(root))
    return f"{repository}/{view.prefix.rstrip('/')}".rstrip("/") if repository else folder


def _text(format: str, found: Page, report: Report) -> str:
    if format == "text":
        from flask_preflight.report.readiness_text import text

        return text(found)
    if format == "json":
        from flask_preflight.report.readiness_json import json

        return json(found)
    if format == "markdown":
        from flask_preflight.report.readiness_markdown import markdown

        return markdown(found, report)
    from flask_preflight.report.readiness_html import html

    return html(found, report)
