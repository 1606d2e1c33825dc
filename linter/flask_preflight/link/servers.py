"""Not linked yet."""

from __future__ import annotations

from flask_preflight.facts import Deployment
from flask_preflight.run import Tree


def link(tree: Tree, deployment: Deployment) -> None:
    pass
