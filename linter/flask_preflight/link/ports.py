"""The ports: what listens in each container, and what asks for which of them."""

from __future__ import annotations

from flask_preflight.artifacts.kubernetes import (
    Container,
    ManifestSet,
    ServicePort,
    Workload,
    service_ports,
)
from flask_preflight.artifacts.products import PRODUCTS
from flask_preflight.facts import Deployment, Entry, Hop, Listen, World
from flask_preflight.run import Tree


def link(tree: Tree, deployment: Deployment) -> None:
    """Complete the listeners of every entry, then what the Services of Kubernetes send to."""
    for entry in deployment.entries:
        _defaults(entry)
    for world in deployment.worlds:
        _share_network(world)
        _share_pod(world)
        if isinstance(world.part, ManifestSet):
            for workload in world.part.workloads:
                _serve(workload)


def _defaults(entry: Entry) -> None:
    """Well-known images listen where they always do, unless their configuration says otherwise."""
    product = PRODUCTS.get(getattr(entry.part, "product", ""))
    if not entry.listens and entry.server is None and product is not None:
        entry.listens = [
            Listen("0.0.0.0", number, "tcp", entry.location, True) for number in product.ports
        ]


def _share_network(world: World) -> None:
    """Containers on one network stack reach each other's ports, or even the machine's."""
    by_name = {entry.name: entry for entry in world.entries}
    for entry in world.entries:
        mode = getattr(entry.part, "network_mode", "")
        if mode.startswith("service:"):
            other = by_name.get(mode.partition(":")[2])
            entry.ports_known = False
            if other is not None:
                other.ports_known = False
        elif mode and mode not in ("bridge", "default", "none"):
            entry.ports_known = False
        if isinstance(entry.part, Container) and entry.part.workload.spec.get("hostNetwork"):
            entry.ports_known = False


def _share_pod(world: World) -> None:
    """The other containers of each pod."""
    for entry in world.entries:
        if isinstance(entry.part, Container):
            main = entry.part.workload.main
            entry.siblings = [
                one.entry for one in main if one is not entry.part and one.entry is not None
            ]


def _serve(workload: Workload) -> None:
    """Give each container the Services that send requests to it, and to which port."""
    for service in workload.services:
        for port in service_ports(service):
            container, number = _behind(workload, port)
            if container is None or container.entry is None:
                continue
            hop = Hop("service", service.name, port.location, number)
            container.entry.fronts.append(hop)


def _behind(workload: Workload, port: ServicePort) -> tuple[Container | None, int | None]:
    """The container that a Service's port leads to, and the number there."""
    main = [container for container in workload.containers if not container.init]
    target = port.target
    if isinstance(target, str):
        named = [c for c in main if c.port(target) is not None]
        return (named[0], named[0].port(target)) if len(named) == 1 else (None, None)
    declaring = [c for c in main if target in c.targets]
    if len(declaring) == 1:
        return declaring[0], target
    binding = [c for c in main if c.entry is not None and c.entry.serves(target)]
    if len(binding) == 1:
        return binding[0], target
    return (main[0], target) if len(main) == 1 else (None, None)
