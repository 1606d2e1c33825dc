"""The worlds: what the repository describes that exists at the same time."""

from __future__ import annotations

from itertools import groupby

from flask_preflight.artifacts.compose import Project
from flask_preflight.artifacts.kubernetes import ManifestSet
from flask_preflight.artifacts.process import Process
from flask_preflight.facts import Carrier, Deployment, World
from flask_preflight.run import Tree


def link(tree: Tree, deployment: Deployment) -> None:
    """A world for each Compose project, set of manifests, platform application and host."""
    for project in deployment[Project]:
        if not project.fragment:
            _add(deployment, _of_project(project))
    for manifests in deployment[ManifestSet]:
        world = World("kubernetes", manifests.name, manifests.role, manifests.location, manifests)
        world.closed = manifests.closed
        _add(deployment, world)
    processes = sorted(deployment[Process], key=_home)
    for (carrier, folder), group in groupby(processes, key=_home):
        first = next(group)
        kind: Carrier = "platform" if carrier == "platform" else "host"
        _add(deployment, World(kind, folder, first.role, first.location))


def _of_project(project: Project) -> World:
    world = World(project.kind, project.name, project.role, project.at(), project)
    world.closed = project.closed
    return world


def _home(process: Process) -> tuple[str, str]:
    """What a process belongs to: a platform's file, or the folder tree of one host."""
    if process.carrier == "platform":
        return process.carrier, process.path
    return process.carrier, process.path.rpartition("/")[0].partition("/")[0]


def home_of(deployment: Deployment, process: Process) -> World | None:
    """The world that a process of a platform or a host is in."""
    carrier, name = _home(process)
    kind = "platform" if carrier == "platform" else "host"
    found = (w for w in deployment.worlds if w.kind == kind and w.name == name)
    return next(found, None)


def _add(deployment: Deployment, world: World) -> None:
    deployment.worlds.append(world)
