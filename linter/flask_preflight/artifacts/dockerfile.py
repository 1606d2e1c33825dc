"""Not read yet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_preflight.run import Tree


def assemble(tree: Tree) -> Iterable[Any]:
    """The parts of all files of this kind."""
    return []
