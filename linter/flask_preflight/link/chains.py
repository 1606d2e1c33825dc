"""What was linked with what, as lines for the map: from each entry to its application."""

from __future__ import annotations

from collections.abc import Iterator

from flask_preflight.facts import Deployment, Entry, World
from flask_preflight.result import Location
from flask_preflight.run import Tree


def link(tree: Tree, deployment: Deployment) -> None:
    """Write down every world with its entries, and applications that no entry starts."""
    for world in deployment.worlds:
        deployment.links += _world(world)
    started = {id(entry.application) for entry in deployment.entries}
    for application in deployment.applications:
        if id(application) not in started:
            deployment.links.append(f"application {application.title} ({_place(application.at())})")
            deployment.links.append("  started by nothing that could be followed")


def _place(where: Location) -> str:
    return f"{where.path}:{where.region.start_line}"


def _world(world: World) -> Iterator[str]:
    closed = ", everything in it is known" if world.closed else ""
    yield f"{world.kind} {world.name or '.'} ({_place(world.location)}), {world.role}{closed}"
    for entry in world.entries:
        yield from ("  " + line for line in _entry(entry))


def _entry(entry: Entry) -> Iterator[str]:
    yield f"{entry.kind} {entry.title} ({_place(entry.location)})"
    yield from (f"  {line}" for line in _chain(entry))


def _chain(entry: Entry) -> Iterator[str]:
    yield from entry.reasons
    server = entry.server
    if server is not None:
        started = f"{server.title} {server.target}".strip()
        yield f"server: {started} ({_place(server.location)}), {_ports(entry)}"
    elif entry.argv is None:
        yield "server: the command is not known"
    elif entry.started is None:
        yield f"server: {entry.argv[0] if entry.argv else 'the command'} could not be followed"
    else:
        yield f"command: {' '.join(entry.started.argv[:3])} ({_place(entry.started.at(0))})"
    application = entry.application
    if application is not None:
        known = "all routes known" if application.knows_all_routes else "more routes may exist"
        count = len(application.routes)
        place = _place(application.at())
        yield f"application: {application.title} ({place}), {count} routes, {known}"
    elif server is not None and server.target:
        yield f"application: {server.target} could not be found"
    yield from _surroundings(entry)


def _ports(entry: Entry) -> str:
    ports = ", ".join(f"{listen.host}:{listen.port}" for listen in entry.listens) or "no known port"
    return f"on {ports}" if entry.ports_known else f"on {ports}, perhaps others"


def _surroundings(entry: Entry) -> Iterator[str]:
    for probe in entry.probes:
        where = f"{probe.port if probe.port is not None else '?'}{probe.path or ''}"
        yield f"{probe.title}: {where} ({_place(probe.location)})"
    for hop in entry.fronts:
        port = "an unknown port" if hop.port is None else f"port {hop.port}"
        yield f"behind: {hop.kind} {hop.name} ({_place(hop.location)}) sends to {port}"
    environment = entry.environment
    if environment.open_because is not None and entry.application is not None:
        reason = environment.reason or "it may come from elsewhere"
        yield f"environment: open, {reason} ({_place(environment.open_because)})"
