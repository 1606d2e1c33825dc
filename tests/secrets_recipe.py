"""Makes secrets of the right shape when tests run, so that none stands in this repository."""

from __future__ import annotations

import re


def expand(text: str) -> str:
    """`text` with each `@@SECRET:name@@` replaced by a made-up secret of that kind."""
    return re.sub(r"@@SECRET:([\w-]+)@@", lambda match: make(match[1]), text)


def make(name: str) -> str:
    """A secret of the named kind; the same on every run. Raises KeyError for an unknown kind."""
    return RECIPES[name]


RECIPES: dict[str, str] = {}
