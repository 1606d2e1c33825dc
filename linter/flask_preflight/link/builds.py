"""The builds: every description of how an image is built, wherever it is written."""

from __future__ import annotations

from collections.abc import Iterator

from flask_preflight.artifacts import build_files
from flask_preflight.artifacts.compose import Service
from flask_preflight.facts import Build, Deployment
from flask_preflight.run import Tree


def link(tree: Tree, deployment: Deployment) -> None:
    """Add each of them once, though several projects may share the file it is written in."""
    seen = set()
    for build in _all(tree, deployment):
        key = (build.location, build.dockerfile, build.context, build.target, build.names)
        if key not in seen:
            seen.add(key)
            deployment.add(build)


def _all(tree: Tree, deployment: Deployment) -> Iterator[Build]:
    for service in deployment[Service]:
        if service.build is not None:
            yield service.build
    yield from build_files.builds(tree)
