"""`flask-preflight map`: what is linked with what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_preflight.commands.output import must_have_extra, write_file, write_out
from flask_preflight.commands.project import must_not_be_empty, project
from flask_preflight.config import ConfigError
from flask_preflight.run import Report
from flask_preflight.selection import instead, nearest

FORMATS = ("text", "mermaid", "svg", "json")


def draw(asked: Mapping[str, Any], environment: Mapping[str, str]) -> int:
    """Write the map; the exit code is 2 where the analysis is incomplete."""
    from flask_preflight.scan import scan

    write = _format(asked["format"])
    found = project(asked, environment)
    tree = found.tree()
    must_not_be_empty(tree, found.root, asked["allow_empty"])
    report = scan(tree, found.settings)
    text = write(report)
    if asked["output"]:
        write_file(asked["output"], text, report.root)
    else:
        write_out(text)
    return 2 if report.exit_code == 2 else 0


def _format(name: str) -> Callable[[Report], str]:
    if name not in FORMATS:
        hint = instead(nearest(name, FORMATS)) or f"; there are {', '.join(FORMATS)}"
        raise ConfigError(f"--format cannot be {name}{hint}")
    if name == "svg":
        must_have_extra()
        from flask_preflight.report.svg import svg

        return svg
    from flask_preflight.report import maps

    return maps.FORMATS[name]
