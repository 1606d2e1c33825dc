"""The entries: every process type of every world, with all that is written about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from flask_preflight.artifacts.compose import Project, Service
from flask_preflight.artifacts.image import Image
from flask_preflight.artifacts.kubernetes import Container, ManifestSet
from flask_preflight.artifacts.process import Process
from flask_preflight.facts import (
    Carrier,
    Deployment,
    Entry,
    EntryKind,
    Environment,
    Mount,
    Variable,
    World,
)
from flask_preflight.link.images import by_reference, image_for
from flask_preflight.link.worlds import home_of
from flask_preflight.result import Location
from flask_preflight.run import Tree


class Words(NamedTuple):
    """A command with a place for each word; `words` None when it is not known."""

    words: tuple[str, ...] | None
    places: tuple[Location, ...] = ()


UNKNOWN = Words(None)
_USES: dict[str, EntryKind] = {"datastore": "datastore", "proxy": "proxy"}
Place = Callable[[int], Location]


def link(tree: Tree, deployment: Deployment) -> None:
    """An entry for each service, container, process, and image that no production world runs."""
    for world in list(deployment.worlds):
        for entry in _entries(deployment, world):
            _add(deployment, world, entry)
    for process in deployment[Process]:
        home = home_of(deployment, process)
        if home is not None:
            _add(deployment, home, _of_process(process, home))
    for image in deployment[Image]:
        if not any(entry.role == "production" for entry in image.runs):
            world = World("image", image.dockerfile.path, image.role, image.at(), image)
            deployment.worlds.append(world)
            _add(deployment, world, _of_image(image, world))


def _add(deployment: Deployment, world: World, entry: Entry) -> None:
    world.entries.append(entry)
    deployment.entries.append(entry)
    if entry.image is not None:
        entry.image.runs.append(entry)


def _entries(deployment: Deployment, world: World) -> Iterator[Entry]:
    part = world.part
    if isinstance(part, Project):
        for service in part.services.values():
            yield _of_service(deployment, service, world)
    elif isinstance(part, ManifestSet):
        for workload in part.workloads:
            for container in workload.containers:
                yield _of_container(deployment, container, world)


def _of_service(deployment: Deployment, service: Service, world: World) -> Entry:
    carrier: Carrier = "swarm" if world.kind == "swarm" else "compose"
    entry = Entry(carrier, service.name, world, service, service.at())
    build = service.build
    if build is not None:
        entry.image = image_for(deployment, build)
        entry.image_location = build.location
    elif service.image:
        entry.image = by_reference(deployment, service.image, world)
        entry.image_reference, entry.image_location = service.image, service.at("image")
    service.linked_image, service.entry = entry.image, entry
    _start(entry, _service_command(service, entry.image))
    variables = [*_inherited(entry.image), *service.environment.variables]
    entry.environment = Environment(variables, service.environment.open_because)
    entry.replicas = service.replicas
    entry.mounts = _mounts(service.mounts, entry.image)
    entry.declared = [*(entry.image.ports if entry.image else ()), *service.expose]
    entry.published = [port for port in service.ports if service.is_public(port)]
    entry.probes = list(service.probes)
    if not entry.probes and "healthcheck" not in service.spec and entry.image is not None:
        entry.probes += [entry.image.healthcheck] if entry.image.healthcheck else []
    _limits(entry, service)
    entry.kind = _USES.get(service.kind, "other")
    return entry


def _of_container(deployment: Deployment, container: Container, world: World) -> Entry:
    entry = Entry("kubernetes", container.name, world, container, container.at())
    workload = container.workload
    if container.image:
        entry.image = by_reference(deployment, container.image, world)
        entry.image_reference, entry.image_location = container.image, container.at("image")
    container.entry = entry
    _start(entry, _container_command(container, entry.image))
    variables = [*_inherited(entry.image), *container.environment.variables]
    entry.environment = Environment(variables, container.environment.open_because)
    entry.replicas = workload.replicas
    entry.mounts = _mounts(container.mounts, entry.image)
    entry.declared = list(container.ports)
    entry.probes = list(container.probes)
    _limits(entry, container)
    if container.init or workload.kind in ("Job", "CronJob"):
        entry.kind = "task"
    else:
        entry.kind = _USES.get(container.kind, "other")
    return entry


def _of_process(process: Process, world: World) -> Entry:
    carrier = process.carrier
    entry = Entry(carrier, process.name, world, process, process.location)
    words = tuple(process.word_at(index) for index in range(len(process.argv)))
    _start(entry, Words(process.argv, words))
    entry.environment = Environment(process.variables, process.open_because)
    entry.environment.open(process.location, f"a {carrier} may set more variables")
    entry.replicas = process.replicas
    return entry


def _of_image(image: Image, world: World) -> Entry:
    entry = Entry("image", image.title, world, image, image.at())
    entry.image = image
    _start(entry, _image_command(image))
    entry.environment = Environment(image.environment, image.at())
    entry.environment.reason = "whoever runs the image may set more variables"
    entry.declared = list(image.ports)
    entry.probes = [image.healthcheck] if image.healthcheck else []
    entry.mounts = _mounts([], image)
    return entry


def _limits(entry: Entry, part: Service | Container) -> None:
    entry.grace, entry.cpu, entry.memory = part.grace, part.cpu, part.memory
    entry.read_only = part.read_only


def _inherited(image: Image | None) -> list[Variable]:
    return list(image.environment) if image is not None else []


def _mounts(mounts: list[Mount], image: Image | None) -> list[Mount]:
    """What is mounted; a volume of the image counts where nothing else is."""
    taken = {mount.path.rstrip("/") for mount in mounts}
    volumes = image.volumes if image is not None else ()
    return [*mounts, *(one for one in volumes if one.path.rstrip("/") not in taken)]


def _start(entry: Entry, command: Words) -> None:
    entry.argv = command.words
    places = command.places
    entry.argv_location = places[0] if places else entry.location
    entry.word_places = places


def _placed(words: tuple[str, ...], place: Place) -> Words:
    return Words(words, tuple(place(index) for index in range(len(words))))


def _image_command(image: Image) -> Words:
    return UNKNOWN if image.argv is None else _placed(image.argv, image.argv_at)


def _joined(first: Words, second: Words) -> Words:
    if first.words is None or second.words is None:
        return UNKNOWN
    return Words(first.words + second.words, first.places + second.places)


def _entrypoint(image: Image) -> Words:
    """What the image puts before any command."""
    words = image.entrypoint
    return UNKNOWN if words is None else _placed(words, image.entrypoint_at)


def _service_command(service: Service, image: Image | None) -> Words:
    """As Compose combines them: an entrypoint of its own clears the command of the image."""
    command = service.command and _placed(service.command, lambda i: service.word_at("command", i))
    if service.entrypoint is not None:
        head = _placed(service.entrypoint, lambda i: service.word_at("entrypoint", i))
        return _joined(head, command or Words(()))
    if image is None:
        # An image from elsewhere may have an entrypoint; most leave the command alone.
        return command or UNKNOWN
    if service.command is None:
        return _image_command(image)
    if image.shell_entrypoint:
        return _entrypoint(image)
    return _joined(_entrypoint(image), command or Words(()))


def _container_command(container: Container, image: Image | None) -> Words:
    """As the kubelet combines them: `command` replaces both, `args` the command of the image."""
    args = container.args and _placed(container.args, lambda i: container.word_at("args", i))
    if container.command:
        head = _placed(container.command, lambda i: container.word_at("command", i))
        return _joined(head, args or Words(()))
    if image is None:
        return args or UNKNOWN
    if not args:
        return _image_command(image)
    return _entrypoint(image) if image.shell_entrypoint else _joined(_entrypoint(image), args)
