"""The servers: what each entry comes down to when it is started."""

from __future__ import annotations

from collections.abc import Callable

from flask_preflight.artifacts.process import Process
from flask_preflight.artifacts.wsgi import (
    Server,
    Started,
    entry_kind,
    process_server,
    started_server,
    supervised,
    unwrap,
)
from flask_preflight.facts import Deployment, Entry, Environment
from flask_preflight.result import Location
from flask_preflight.run import Tree

Resolve = Callable[[str], "str | None"]


def link(tree: Tree, deployment: Deployment) -> None:
    """Follow the command of every entry to the server that it starts."""
    processes = deployment[Process]
    for entry in deployment.entries:
        started = _started(entry, tree)
        if started is None:
            continue
        entry.started = started
        if isinstance(entry.part, Process) and entry.part.ends:
            entry.kind = "task"
            continue
        resolve = _resolve(entry)
        server = started_server(started, entry.environment, resolve, tree)
        programs = supervised(started, resolve, tree, processes)
        if programs:
            _supervise(entry, programs, tree, deployment)
            continue
        if entry.kind in ("other", "server"):
            entry.kind = entry_kind(started, server)
        if server is not None:
            _attach(entry, server, deployment)
            entry.ports_known = server.ports_known and not _company(started)


def _started(entry: Entry, tree: Tree) -> Started | None:
    if not entry.argv:
        return None
    places = entry.word_places

    def at(index: int) -> Location:
        return places[index] if 0 <= index < len(places) else entry.argv_location

    return unwrap(entry.argv, at, _resolve(entry), tree, entry.environment, _directory(entry))


def _resolve(entry: Entry) -> Resolve:
    image = entry.image
    return image.maps if image is not None else lambda path: None


def _directory(entry: Entry) -> str:
    """Where the command starts: an absolute path in a container, else below the root."""
    if isinstance(entry.part, Process):
        return entry.part.directory
    chosen = getattr(entry.part, "working_dir", "")
    return chosen or (entry.image.workdir if entry.image is not None else "/")


def _company(started: Started) -> bool:
    """Whether something else keeps running beside it, which may listen too."""
    return any(ran.background for ran in started.before)


def _attach(entry: Entry, server: Server, deployment: Deployment) -> None:
    server.entry = entry
    entry.server = server
    entry.workers, entry.threads = server.workers, server.threads
    entry.listens = server.listens
    deployment.add(server)


def _supervise(entry: Entry, programs: list[Process], tree: Tree, deployment: Deployment) -> None:
    """A supervisor starts several programs in one container; the server among them counts."""
    found = []
    for program in programs:
        own = Environment([*entry.environment.variables, *program.variables])
        server = process_server(program, tree, own)
        if server is not None:
            found.append(server)
    for server in found:
        if entry.server is None and server.kind != "script":
            _attach(entry, server, deployment)
            entry.kind = "server"
    entry.listens = [listen for server in found for listen in server.listens]
    entry.ports_known = len(found) == len(programs) and all(s.ports_known for s in found)
