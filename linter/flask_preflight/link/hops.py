"""The hops: what stands between the clients and each entry."""

from __future__ import annotations

from flask_preflight.artifacts.compose import Service
from flask_preflight.artifacts.kubernetes import ManifestSet, ingress_backends
from flask_preflight.artifacts.proxy import Proxy, ProxyRoute, Site
from flask_preflight.facts import Deployment, Edge, Entry, Hop, World
from flask_preflight.lazy import expression
from flask_preflight.link import proxies
from flask_preflight.run import Tree


def link(tree: Tree, deployment: Deployment) -> None:
    """Follow proxies and Ingresses to the entries behind them, then say what clients see."""
    for world in deployment.worlds:
        _name(world)
        if isinstance(world.part, ManifestSet):
            _ingresses(world.part, world)
    proxies.attach(tree, deployment)
    for proxy in deployment[Proxy]:
        for site in proxy.sites:
            for route in site.routes:
                _forward(deployment, proxy, site, route)
            proxies.conclude(deployment, site)
    proxies.add_traefiks(tree, deployment)
    for entry in deployment.entries:
        entry.fronts += _by_labels(entry)
        entry.edge = _edge(entry)


def _name(world: World) -> None:
    """The names under which the services of a Compose world reach each other."""
    for entry in world.entries:
        if isinstance(entry.part, Service):
            for name in entry.part.names:
                world.names[name] = entry


def _ingresses(manifests: ManifestSet, world: World) -> None:
    for backend in ingress_backends(manifests):
        for entry in world.entries:
            through = [hop for hop in entry.fronts if hop.name == backend.service]
            if through:
                hop = Hop("ingress", backend.ingress.name, backend.location, through[0].port)
                entry.fronts.append(hop._replace(tls=backend.tls, through=backend.service))


def _forward(deployment: Deployment, proxy: Proxy, site: Site, route: ProxyRoute) -> None:
    # What ends TLS before it decides for a site in clear text.
    tls = site.tls or (None if proxy.fronts or site.behind_another else site.tls)
    for entry, upstream in proxies.behind(deployment, proxy, route):
        hop = Hop("proxy", proxy.product, upstream.location, upstream.port)
        hop = hop._replace(tls=tls, headers=route.headers, scheme=upstream.scheme)
        entry.fronts.append(hop)
        site.entries.append(entry)
        site.behind.setdefault(route.location, []).append(entry)


_ROUTER = expression(r"traefik\.http\.routers\.([^.]+)\.")
_PORT = expression(r"traefik\.http\.services\.[^.]+\.loadbalancer\.server\.port\Z")


def _by_labels(entry: Entry) -> list[Hop]:
    """Traefik, where the labels of a service tell it to send requests there.

    Source: https://doc.traefik.io/traefik/routing/providers/docker/
    """
    if not isinstance(entry.part, Service):
        return []
    labels = entry.part.labels
    routers = [name for name in labels if _ROUTER.match(name.lower())]
    if not routers or labels.get("traefik.enable", "").lower() == "false":
        return []
    given = next((text for name, text in labels.items() if _PORT.match(name.lower())), "")
    numbers = sorted({port.number for port in entry.declared})
    port = int(given[:5]) if given.isdigit() else numbers[0] if len(numbers) == 1 else None
    secured = any(
        ".tls" in name.lower()
        and labels[name].lower() != "false"
        or name.lower().endswith(".entrypoints")
        and "secure" in labels[name].lower()
        for name in routers
    )
    where = entry.part.at("labels") if "labels" in entry.part.spec else entry.part.at("deploy")
    hop = Hop("proxy", "traefik", where, port, True if secured else None, _TRAEFIK_SETS, "http")
    return [hop]


_TRAEFIK_SETS = frozenset(
    "host x-forwarded-for x-forwarded-proto x-forwarded-host x-forwarded-port x-real-ip upgrade "
    "connection".split()
)
"""The headers that Traefik sets by itself, and takes from no client unless told to."""


def _edge(entry: Entry) -> Edge | None:
    """What the outermost known hop offers to clients."""
    if entry.carrier == "platform":
        return "https"
    outer = [hop for hop in entry.fronts if hop.kind in ("ingress", "proxy")]
    if not outer:
        return None
    answers = {hop.tls for hop in outer}
    if answers == {True}:
        return "https"
    return "http" if answers == {False} else None
