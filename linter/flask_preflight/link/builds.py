"""The builds: every description of how an image is built, wherever it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flask_preflight.artifacts import build_files
from flask_preflight.artifacts.ci import Job, Pipeline
from flask_preflight.artifacts.compose import Service
from flask_preflight.artifacts.yaml import Map
from flask_preflight.facts import Build, Deployment
from flask_preflight.lazy import expression
from flask_preflight.run import Tree

_NAMES = expression(r"image|tags", re.I)
_REFERENCE = expression(
    r"[a-z0-9][\w.-]*(?::\d+)?(?:/[\w.-]+)+(?::[\w.-]+)?|[a-z0-9][\w.-]*:[\w.-]+"
)


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
    for pipeline in deployment[Pipeline]:
        yield from pipeline.builds
        for job in pipeline.jobs.values():
            if job.calls and not job.calls.startswith("./"):
                yield from _called(tree, job)
    for pipeline in deployment[Pipeline]:
        yield from pipeline.builds
    yield from build_files.builds(tree)


def _called(tree: Tree, job: Job) -> Iterator[Build]:
    """What a workflow from elsewhere builds, as far as what it is given says so.

    A folder or a Dockerfile that exists, together with names of images, can mean nothing else.
    """
    given = job.spec.map("with")
    context = build_files.joined("", _first(given, "context", "directory", "path") or ".")
    written = _first(given, "dockerfile", "file")
    names = [name for key in given if _NAMES.search(key) for name in given.text(key).split()]
    names = [name for name in names if _REFERENCE.fullmatch(name)]
    if not names or context is None or not tree.is_folder(context):
        return
    for folder in ("", context):
        dockerfile = build_files.joined(folder, written or "Dockerfile")
        if dockerfile and tree.file(dockerfile) and (written or folder == context):
            target = given.text("target")
            where = given.at("context") if "context" in given else job.at()
            yield Build(
                "ci",
                dockerfile,
                context,
                None if "$" in target else target,
                tuple(names),
                {},
                where,
                "production",
            )
            return


def _first(given: Map, *keys: str) -> str:
    return next((given.text(key) for key in keys if given.text(key)), "")
