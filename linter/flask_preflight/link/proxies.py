"""Whose configuration a proxy file is: the containers that read it, and what stands before them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flask_preflight.artifacts import traefik
from flask_preflight.artifacts.build_files import joined
from flask_preflight.artifacts.compose import Service
from flask_preflight.artifacts.products import base_name
from flask_preflight.artifacts.proxy import Proxy, ProxyRoute, Site, Upstream, is_loopback
from flask_preflight.facts import Deployment, Entry, World
from flask_preflight.lazy import expression
from flask_preflight.result import Location, Region
from flask_preflight.run import Tree

_TERMINATORS = frozenset(
    "cloudflared tailscale ngrok certbot nginx-proxy acme-companion swag https-portal traefik "
    "letsencrypt-nginx-proxy-companion nginx-proxy-manager caddy".split()
)
"""Images that end TLS, or get certificates for what does."""
_CERTIFICATES = expression(r"\b(?:certbot|acme\.sh|lego --|dehydrated)\b")
_BALANCERS = expression(
    r"google_compute_target_https_proxy|azurerm_application_gateway|aws_cloudfront_distribution"
    r"|aws_lb_listener[\s\S]{0,500}?\bHTTPS\b|AWS::ElasticLoadBalancingV2::Listener"
)
_PLACES = (
    "/etc/nginx/{0}",
    "/etc/nginx/nginx.conf",
    "/etc/nginx/conf.d/{0}",
    "/etc/nginx/conf.d",
    "/etc/nginx/conf.d/default.conf",
    "/etc/nginx/http.d/default.conf",
    "/etc/nginx/templates/{0}",
    "/etc/nginx/templates/default.conf.template",
    "/etc/nginx/sites-enabled/{0}",
    "/etc/nginx/sites-enabled/default",
    "/etc/nginx/sites-available/{0}",
    "/etc/nginx/sites-available/default",
    "/etc/caddy/{0}",
    "/etc/caddy/Caddyfile",
    "/etc/traefik/{0}",
    "/{0}",
)


def attach(tree: Tree, deployment: Deployment) -> None:
    """Give each proxy its containers, its other files, and what ends TLS before it."""
    proxies = deployment[Proxy]
    if not proxies:
        return
    by_path = {proxy.path: proxy for proxy in proxies}
    for entry in deployment.entries:
        for path, places in _read_by(entry, by_path):
            by_path[path].entries.append(entry)
            by_path[path].places |= places
            entry.proxies.append(by_path[path])
    everywhere = list(_everywhere(tree, deployment))
    certificates = list(_certificates(tree))
    groups: dict[object, list[Proxy]] = {}
    for proxy in proxies:
        for key in (proxy.path.rpartition("/")[0], *(id(entry) for entry in proxy.entries)):
            groups.setdefault(key, []).append(proxy)
    for proxy in proxies:
        keys = (proxy.path.rpartition("/")[0], *(id(entry) for entry in proxy.entries))
        found = {id(one): one for key in keys for one in groups[key] if one is not proxy}
        proxy.beside = list(found.values())
        near = (proxy.path.rpartition("/")[0], "", None)
        named = [where for folder, where in certificates if folder in near]
        proxy.fronts = [*everywhere, *_beside(proxy), *named]


def add_traefiks(tree: Tree, deployment: Deployment) -> None:
    """What services say to Traefik by commands and labels, as a proxy of its own for each."""
    files = [one for one in deployment[Proxy] if one.product == "traefik"]
    for entry in deployment.entries:
        part = entry.part
        if not isinstance(part, Service) or part.product != "traefik" or traefik.is_first(part):
            continue
        made = traefik.of_service(part)
        made.entries.append(entry)
        made.beside += (one for one in files if entry in one.entries)
        made.fronts = [*_everywhere(tree, deployment), *_beside(made)]
        for one in made.beside:
            one.beside.append(made)
        deployment.add(made)


def _read_by(entry: Entry, by_path: dict[str, Proxy]) -> Iterator[tuple[str, set[str]]]:
    """The configuration files that a container finds, mounted or in its image, and where."""
    found: dict[str, set[str]] = {}
    if isinstance(entry.part, Service):
        for path, place in _mounted(entry.part, by_path):
            found.setdefault(path, set()).add(place)
    image = entry.image
    if image is not None and (entry.server is None or entry.proxies):
        # An image of an application may hold the file without anything in it that reads it.
        names = {path.rpartition("/")[2] for path in by_path}
        places = (one.format(name) for name in names if len(names) < 100 for one in _PLACES)
        for place in dict.fromkeys(places):
            inside = image.maps(place)
            if inside is not None and inside in by_path:
                found.setdefault(inside, set()).add(place)
    yield from sorted(found.items())


def _mounted(service: Service, by_path: dict[str, Proxy]) -> Iterator[tuple[str, str]]:
    project = service.project
    for mount in service.mounts:
        source = mount.source
        if mount.kind == "config":
            source = project.spec.text("configs", source, "file")
        elif mount.kind != "bind":
            continue
        place = joined(project.directory, source) if source else None
        if place is None:
            continue
        if place in by_path:
            yield place, mount.path
        elif service.kind == "proxy" or "nginx" in mount.path:
            for path in by_path:
                if path.startswith(place + "/"):
                    yield path, mount.path + path[len(place) :]


def _everywhere(tree: Tree, deployment: Deployment) -> Iterator[Location]:
    """Platforms and balancers that end TLS for whatever is behind them."""
    for world in deployment.worlds:
        if world.kind == "platform":
            yield world.location
    for file in tree.of("iac"):
        text = tree.text(file.path) or ""
        found = _BALANCERS.search(text)
        if found is not None:
            yield Location(file.path, Region(text.count("\n", 0, found.start()) + 1))


def _beside(proxy: Proxy) -> Iterator[Location]:
    """What ends TLS in the same project, or the Ingress before it."""
    for entry in proxy.entries:
        yield from (hop.location for hop in entry.fronts if hop.tls)
        if not isinstance(entry.part, Service):
            continue
        if _is_routed(entry.part) and proxy.product != "traefik":
            yield entry.part.at("labels")
        for other in entry.part.project.services.values():
            image = base_name(other.image)
            ends = other.kind == "proxy" and any(port.number == 443 for port in other.ports)
            if other is not entry.part and (image in _TERMINATORS or ends):
                yield other.at("image")


def _is_routed(service: Service) -> bool:
    """Whether another proxy is told about it by labels or by VIRTUAL_HOST."""
    routed = any(re.match(r"(?:traefik|caddy)(?:\.|\Z)", word) for word in service.labels)
    return routed or "VIRTUAL_HOST" in service.environment


def _certificates(tree: Tree) -> Iterator[tuple[str | None, Location]]:
    """Where a tool is named that gets certificates and writes them into files on the host.

    Documentation counts for proxies beside it, which its folder says; the rest for all (None).
    """
    for file in tree.files:
        if {"script", "ci", "doc"}.intersection(file.kinds):
            text = tree.text(file.path) or ""
            found = _CERTIFICATES.search(text)
            if found is not None:
                where = Location(file.path, Region(text.count("\n", 0, found.start()) + 1))
                yield (file.path.rpartition("/")[0] if "doc" in file.kinds else None), where


def behind(deployment: Deployment, proxy: Proxy, route: ProxyRoute) -> list[tuple[Entry, Upstream]]:
    """The entries that a route leads to, each with the way; none where that is ambiguous."""
    found: list[tuple[Entry, Upstream]] = []
    if proxy.entries:
        for owner in proxy.entries:
            for one in route.reaches(lambda name, owner=owner: _given(owner, name)):  # type: ignore[misc]
                entry = _inside(owner, one)
                if entry is not None:
                    found.append((entry, one))
        return found
    for one in route.upstreams:
        for world in deployment.worlds:
            found += ((entry, one) for entry in _in_world(world, one, proxy))
    return found


def conclude(deployment: Deployment, site: Site) -> None:
    """Say whether a site is one of a Flask application, once it is known whom it forwards to."""
    if site.entries:
        site.serves_flask = any(entry.application is not None for entry in site.entries)
    elif not deployment.applications:
        site.serves_flask = False


def _given(entry: Entry, name: str) -> str | None:
    found = entry.environment.get(name)
    return found.value if found is not None else None


def _inside(owner: Entry, one: Upstream) -> Entry | None:
    """What answers to a host in the world of the proxy's container."""
    if is_loopback(one.host):
        beside = [owner, *owner.siblings]
        serving = (e for e in beside if one.port is not None and e.serves(one.port))
        return next(serving, None)
    return owner.world.names.get(one.host)


def _in_world(world: World, one: Upstream, proxy: Proxy) -> list[Entry]:
    """The entries of a world that a file of no known container may mean."""
    if is_loopback(one.host):
        if world.kind != "host" or one.port is None:
            return []
        return [entry for entry in world.entries if entry.serves(one.port)]
    entry = world.names.get(one.host) if world.role == proxy.role else None
    return [entry] if entry is not None else []
