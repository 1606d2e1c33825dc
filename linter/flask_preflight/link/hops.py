"""The hops: what stands between the clients and each entry."""

from __future__ import annotations

from flask_preflight.artifacts.compose import Service
from flask_preflight.artifacts.kubernetes import ManifestSet, ingress_backends
from flask_preflight.artifacts.proxy import Proxy, ProxyRoute, Site
from flask_preflight.facts import Deployment, Edge, Entry, Hop, World
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
    for entry in deployment.entries:
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
