"""`flask-preflight map`: what is linked with what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_preflight.commands.output import write_out
from flask_preflight.commands.project import must_not_be_empty, project
from flask_preflight.config import ConfigError
from flask_preflight.report.escape import terminal


def draw(asked: Mapping[str, Any], environment: Mapping[str, str]) -> int:
    """Print every link on a line."""
    if asked["format"] != "text":
        raise ConfigError(f"--format cannot be {asked['format']}; there is text")
    from flask_preflight.scan import scan

    found = project(asked, environment)
    tree = found.tree()
    must_not_be_empty(tree, found.root, asked["allow_empty"])
    report = scan(tree, found.settings)
    write_out("".join(terminal(link) + "\n" for link in report.links))
    return 2 if report.exit_code == 2 else 0
