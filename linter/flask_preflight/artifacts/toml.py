"""TOML as every reader takes it: what cannot be parsed is said at its place."""

from __future__ import annotations

import re
from typing import Any

from flask_preflight.run import Notes


def load(path: str, text: str, notes: Notes) -> dict[str, Any] | None:
    """The content of a file; None where it is no TOML."""
    import tomli

    try:
        return tomli.loads(text)
    except tomli.TOMLDecodeError as fault:
        place = re.search(r"line (\d+), column (\d+)", str(fault))
        reason = re.sub(r" \(at .*\)\Z", "", str(fault))
        line, column = (int(place[1]), int(place[2])) if place else (text.count("\n") + 1, 1)
        notes.unparsed(path, reason, line, column)
    except (RecursionError, ValueError) as fault:
        notes.unparsed(path, f"this is no TOML ({type(fault).__name__})")
    return None
