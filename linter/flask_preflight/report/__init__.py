"""Writers: each turns a finished report into one format and reads nothing but the report."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple, TextIO

from flask_preflight.run import Report


class Provenance(NamedTuple):
    """Where the repository comes from; empty where that is not known. No user, no password."""

    repository: str = ""
    revision: str = ""
    branch: str = ""


class View(NamedTuple):
    """How a report is to be shown.

    `prefix` leads from the root of the repository to that of the project ("" or "shop/"), since
    programs want paths from the root of the repository; `lead` leads there from the current
    directory, for people. `narrowed` are sentences about what the run left out; `quiet` leaves
    everything but the results out.
    """

    prefix: str = ""
    lead: str = ""
    provenance: Provenance = Provenance()
    colour: bool = False
    quiet: bool = False
    verbose: bool = False
    suppressed: bool = False
    statistics: bool = False
    category: str = ""
    narrowed: tuple[str, ...] = ()
    seconds: float = 0.0


Write = Callable[[Report, View, TextIO], None]


def writer(format: str) -> Write:
    """The writer of this format."""
    module = {"full": "text", "concise": "text"}.get(format, format)
    found: Write = getattr(import_module(f"flask_preflight.report.{module}"), f"write_{format}")
    return found
