"""The builds: every description of how an image is built, wherever it is written."""

from __future__ import annotations

from flask_preflight.artifacts import build_files
from flask_preflight.facts import Deployment
from flask_preflight.run import Tree


def link(tree: Tree, deployment: Deployment) -> None:
    """Add a `Build` for each of them."""
    for build in build_files.builds(tree):
        deployment.add(build)
