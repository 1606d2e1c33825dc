"""The files that hold data: where the database of each entry lies."""

from __future__ import annotations

from collections.abc import Iterator

from flask_preflight.facts import DataFile, Deployment, Entry, Mount
from flask_preflight.link.environments import effective
from flask_preflight.result import Location
from flask_preflight.run import Tree

_PASSING = ("cache", "test", "tmp")
"""Databases of these names may be lost."""


def link(tree: Tree, deployment: Deployment) -> None:
    """Find the SQLite files of every entry that serves an application."""
    for entry in deployment.entries:
        if entry.application is not None and entry.carrier != "image":
            entry.data_files = list(dict.fromkeys(_files(entry)))


def _files(entry: Entry) -> Iterator[DataFile]:
    assert entry.application is not None
    for value in entry.application.databases:
        found = effective(value, entry)
        if found is None:
            continue
        url, location = found
        path = _path(url)
        if path is None or any(word in path.rpartition("/")[2] for word in _PASSING):
            continue
        if not path.startswith("/"):
            yield from _relative(entry, path, location)
        else:
            yield DataFile(path, location, _mount(entry, path))


def _path(url: str) -> str | None:
    """The file of an SQLite address; None for other databases and those in memory."""
    scheme, found, rest = url.partition("://")
    if not found or scheme.partition("+")[0] != "sqlite":
        return None
    path = rest.partition("?")[0].removeprefix("/")
    return None if path in ("", ":memory:") or "mode=" in rest else path


def _relative(entry: Entry, path: str, location: Location) -> Iterator[DataFile]:
    """A relative path is below the working directory, or its `instance` folder."""
    if entry.image is None or not entry.image.workdir:
        return
    below = [f"{entry.image.workdir.rstrip('/')}/{path}"]
    below.append(f"{entry.image.workdir.rstrip('/')}/instance/{path}")
    mounts = [mount for mount in (_mount(entry, one) for one in below) if mount is not None]
    inside = [m for m in entry.mounts if m.path.startswith(entry.image.workdir)]
    if not mounts and inside:
        return
    yield DataFile(path, location, mounts[0] if mounts else None)


def _mount(entry: Entry, path: str) -> Mount | None:
    """What is mounted at the file or above it, and outlives the container."""
    over = [
        mount
        for mount in entry.mounts
        if path == mount.path or path.startswith(mount.path.rstrip("/") + "/")
    ]
    deepest = max(over, key=lambda mount: len(mount.path), default=None)
    return None if deepest is None or deepest.kind in ("tmpfs", "emptyDir", "memory") else deepest
