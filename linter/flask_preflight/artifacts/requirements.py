"""Not read yet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_preflight.run import File, Notes


def read(file: File, text: str, notes: Notes) -> Iterable[Any]:
    """The parts of one file."""
    return []
