"""Applications that answer nothing but HTTPS."""

from __future__ import annotations

from flask_preflight.artifacts.application import Application
from flask_preflight.result import Location


def forces(application: Application) -> Location | None:
    """Where HTTPS is certainly forced on every view."""
    calls = list(application.extensions("Talisman"))
    if len(calls) != 1 or calls[0].guard.branch:
        return None
    given = calls[0].argument("force_https", "**")
    return calls[0].location if given is None or given.is_on else None
