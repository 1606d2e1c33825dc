"""The charts: every world drawn, from the sources to the clients."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flask_preflight.artifacts.application import Application
from flask_preflight.artifacts.image import Image
from flask_preflight.chart import Chart, Detail, Edge, Node, NodeKind
from flask_preflight.facts import Deployment, Entry, Hop, World
from flask_preflight.result import Location

CLIENTS = Node("clients", "clients", "clients", None)
_MOST_WORDS = 3
"""So many words of a command name it."""


def charts(deployment: Deployment) -> Iterator[Chart]:
    """A chart for each world, and one for the applications that no entry starts."""
    for world in deployment.worlds:
        yield _Drawing(world).chart()
    started = {id(entry.application) for entry in deployment.entries}
    idle = [one for one in deployment.applications if id(one) not in started]
    if idle:
        nothing = Detail("entry", "started by nothing that could be followed", None, False)
        nodes = [_of_application(one)._replace(known=False) for one in idle]
        nodes = [node._replace(details=(*node.details, nothing)) for node in nodes]
        kept = tuple({node.id: node for node in nodes}.values())
        yield Chart("not started", idle[0].role, None, False, kept, ())


class _Drawing:
    def __init__(self, world: World) -> None:
        self.world = world
        self.nodes: dict[str, Node] = {}
        self.edges: dict[tuple[str, str], Edge] = {}
        self.ids: dict[int, str] = {}

    def chart(self) -> Chart:
        world = self.world
        for entry in world.entries:
            self._entry(entry)
        for entry in world.entries:
            self._sources(entry)
            self._fronts(entry)
            self._stores(entry)
        title = f"{world.kind} {world.name or '.'}"
        nodes = tuple(self.nodes.values())
        edges = tuple(self.edges.values())
        return Chart(title, world.role, world.location, world.closed, nodes, edges)

    def _add(self, node: Node) -> str:
        self.nodes.setdefault(node.id, node)
        return node.id

    def _link(
        self, start: str, end: str, label: str, where: Location | None, known: bool = True
    ) -> None:
        if start != end:
            self.edges.setdefault((start, end), Edge(start, end, label, where, known))

    def _entry(self, entry: Entry) -> None:
        id, number = f"entry/{entry.title}", 1
        while id in self.nodes:
            number += 1
            id = f"entry/{entry.title}/{number}"
        self.ids[_key(entry)] = id
        details = tuple(_details(entry))
        kind: NodeKind = "process" if entry.kind == "other" else entry.kind
        self._add(Node(id, kind, entry.title, entry.location, details))

    def _sources(self, entry: Entry) -> None:
        """What it is made of: the pipeline that builds the image, the image, the application."""
        end = self.ids[_key(entry)]
        served = _served(entry)
        if entry.image is not None:
            image = self._add(_of_image(entry.image))
            self._link(image, end, served, entry.argv_location)
            for build in entry.image.builds:
                if build.carrier == "ci":
                    path = build.location.path
                    start = self._add(Node(f"pipeline/{path}", "pipeline", path, build.location))
                    self._link(start, image, "builds", build.location)
            end, served = image, ""
        elif entry.image_reference and entry.kind not in ("datastore", "proxy"):
            reference = _short(entry.image_reference)
            foreign = Node(f"image/{reference}", "image", reference, entry.image_location)
            self._link(self._add(foreign._replace(known=False)), end, served, entry.argv_location)
        if entry.application is not None:
            start = self._add(_of_application(entry.application))
            self._link(start, end, served, entry.application.at())

    def _fronts(self, entry: Entry) -> None:
        """What leads clients to it."""
        start = self.ids[_key(entry)]
        services: dict[str, str] = {}
        outermost: list[str] = []
        for hop in entry.fronts:
            id = self._hop(hop)
            label = f"port {hop.port}" if hop.port is not None else "unknown port"
            inner = services.get(hop.through, start)
            self._link(inner, id, label, hop.location, hop.port is not None)
            if hop.kind == "service":
                services[hop.name] = id
            else:
                outermost.append(id)
        label = {"https": "HTTPS", "http": "HTTP"}.get(entry.edge or "", "")
        for id in outermost:
            self._link(id, self._add(CLIENTS), label, None, bool(label))
        if entry.edge and not outermost:
            self._link(start, self._add(CLIENTS), label, entry.location)
        for port in entry.published:
            label = f"port {port.published or port.number}"
            self._link(start, self._add(CLIENTS), label, port.location)

    def _hop(self, hop: Hop) -> str:
        """A proxy of this world is the entry that reads its file; others stand for themselves."""
        for entry in self.world.entries:
            if any(proxy.path == hop.location.path for proxy in entry.proxies):
                return self.ids[_key(entry)]
        kind: NodeKind = hop.kind
        return self._add(Node(f"{hop.kind}/{hop.name}", kind, hop.name, hop.location))

    def _stores(self, entry: Entry) -> None:
        """The databases and brokers that its variables name."""
        if entry.kind in ("datastore", "proxy"):
            return
        named = {
            name: self.ids[_key(store)]
            for name, store in self.world.names.items()
            if store is not None and store.kind == "datastore" and _key(store) in self.ids
        }
        for variable in entry.environment.variables if named else ():
            words = set(re.split(r"[^\w.-]+", variable.value or variable.partial or ""))
            for name in sorted(words & named.keys()):
                end = self.ids[_key(entry)]
                self._link(named[name], end, variable.name, variable.location)


def _key(entry: Entry) -> int:
    return id(entry)


def _short(reference: str) -> str:
    """The name of an image without its digest."""
    return reference.partition("@")[0]


def _of_image(image: Image) -> Node:
    return Node(f"image/{image.title}", "image", image.title, image.at())


def _of_application(application: Application) -> Node:
    known = "all known" if application.knows_all_routes else "more may exist"
    routes = Detail("routes", f"{len(application.routes)}, {known}", application.at())
    title = application.title
    id = f"application/{application.path}/{title}"
    return Node(id, "application", title, application.at(), (routes,))


def _served(entry: Entry) -> str:
    """How it is started, in few words."""
    if entry.server is not None:
        ports = ", ".join(f":{listen.port}" for listen in entry.listens)
        return f"{entry.server.title} {ports}".strip()
    if entry.started is not None:
        words = entry.started.argv[:2]
        return " ".join(word for word in words if not word.startswith("-"))
    return ""


def _details(entry: Entry) -> Iterator[Detail]:
    if entry.image is not None:
        text = f"{entry.image.dockerfile.path}, stage {entry.image.stage.title}"
        yield Detail("image", text, entry.image_location or entry.image.at())
    elif entry.image_reference:
        text = f"{_short(entry.image_reference)}, not built in this repository"
        yield Detail("image", text, entry.image_location, False)
    yield _server(entry)
    application = entry.application
    if application is not None:
        known = "all routes known" if application.knows_all_routes else "more routes may exist"
        text = f"{application.title}, {len(application.routes)} routes, {known}"
        yield Detail("application", text, application.at())
    elif entry.server is not None and entry.server.target:
        yield Detail("application", f"{entry.server.target} could not be found", None, False)
    yield from _surroundings(entry)


def _server(entry: Entry) -> Detail:
    server = entry.server
    if server is not None:
        ports = ", ".join(f"{listen.host}:{listen.port}" for listen in entry.listens)
        more = "" if entry.ports_known else ", perhaps others"
        text = f"{server.title} {server.target}".strip()
        said = f"{text}, on {ports or 'no known port'}{more}"
        return Detail("server", said, server.location, entry.ports_known)
    if entry.argv is None:
        return Detail("command", "not known", None, False)
    if entry.started is None:
        what = entry.argv[0] if entry.argv else "the command"
        return Detail("command", f"{what} could not be followed", entry.argv_location, False)
    words = " ".join(entry.started.argv[:_MOST_WORDS])
    return Detail("command", words, entry.started.at(0))


def _surroundings(entry: Entry) -> Iterator[Detail]:
    for probe in entry.probes:
        port = probe.port if probe.port is not None else "?"
        yield Detail(probe.title, f"{port}{probe.path or ''}", probe.location)
    for hop in entry.fronts:
        port = "an unknown port" if hop.port is None else f"port {hop.port}"
        text = f"{hop.kind} {hop.name} sends to {port}"
        yield Detail("behind", text, hop.location, hop.port is not None)
    environment = entry.environment
    if entry.application is None:
        return
    if environment.open_because is None:
        count = len({variable.name for variable in environment.variables})
        yield Detail("environment", f"{count} variables, all known", entry.location)
    else:
        reason = environment.reason or "it may come from elsewhere"
        yield Detail("environment", f"open, {reason}", environment.open_because, False)
