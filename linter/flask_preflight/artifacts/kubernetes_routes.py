"""What leads requests from outside to a Service: Ingress, Gateway API, Istio, Traefik, OpenShift.

Sources: the references of networking.k8s.io/v1, gateway.networking.k8s.io/v1, Istio's traffic
management, Traefik's Kubernetes CRD provider and OpenShift's routes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from flask_preflight.artifacts.yaml import Map
from flask_preflight.result import Location

if TYPE_CHECKING:
    from flask_preflight.artifacts.kubernetes import Manifest, ManifestSet

_TLS_ELSEWHERE = (
    "networking.gke.io/managed-certificates",
    "networking.gke.io/certmap",
    "ingress.gcp.kubernetes.io/pre-shared-cert",
    "alb.ingress.kubernetes.io/certificate-arn",
    "appgw.ingress.kubernetes.io/appgw-ssl-certificate",
    "traefik.ingress.kubernetes.io/router.tls",
    "traefik.ingress.kubernetes.io/router.tls.certresolver",
    "haproxy.org/ssl-certificate",
)
_TUNNELS = frozenset(("tailscale", "cloudflare-tunnel", "ngrok"))


class IngressBackend(NamedTuple):
    """One way from outside to a Service; `port` is its number or name, `tls` as in `facts.Hop`.

    `location` is the place of the Service's name, `port_location` that of the port.
    """

    ingress: Manifest
    service: str
    port: int | str | None
    tls: bool | None
    location: Location
    port_location: Location


def has_tls(ingress: Manifest) -> bool:
    """Whether an Ingress ends TLS, by a certificate of its own or one that its controller has."""
    annotations, spec = ingress.annotations, ingress.spec
    if spec.items_of("spec", "tls") or any(name in annotations for name in _TLS_ELSEWHERE):
        return True
    if "websecure" in annotations.text("traefik.ingress.kubernetes.io/router.entrypoints"):
        return True
    name = spec.text("spec", "ingressClassName") or annotations.text("kubernetes.io/ingress.class")
    return "HTTPS" in annotations.text("alb.ingress.kubernetes.io/listen-ports") or name in _TUNNELS


def ingress_backends(manifests: ManifestSet) -> list[IngressBackend]:
    """Every way to a Service that the objects of a set open, in their order."""
    return [
        backend
        for manifest in manifests.manifests
        if not manifest.is_patch
        for backend in backends_of(manifest, manifests)
    ]


def backends_of(manifest: Manifest, manifests: ManifestSet) -> Iterator[IngressBackend]:
    """The ways that one object opens; none for what is no route."""
    read = _READERS.get(manifest.kind)
    return iter(()) if read is None else read(manifest, manifests)


def _of_ingress(ingress: Manifest, manifests: ManifestSet) -> Iterator[IngressBackend]:
    tls = True if has_tls(ingress) else None
    found = [ingress.spec.map("spec", "defaultBackend"), ingress.spec.map("spec", "backend")]
    for one in ingress.spec.maps("spec", "rules"):
        found += (path.map("backend") for path in one.maps("http", "paths"))
    for backend in found:
        old = "serviceName" in backend
        name = backend.text("serviceName") if old else backend.text("service", "name")
        port = backend.dig("servicePort")
        if not old:
            number = backend.dig("service", "port", "number")
            port = number if number is not None else backend.dig("service", "port", "name")
        if name and port != "use-annotation":
            where = backend.at("serviceName") if old else backend.at("service")
            at = backend.at("servicePort") if old else backend.at("service", "port")
            yield IngressBackend(ingress, name, _port(port), tls, where, at)


def _of_route(route: Manifest, manifests: ManifestSet) -> Iterator[IngressBackend]:
    """HTTPRoute and GRPCRoute of the Gateway API."""
    tls = _by_listeners(route, manifests)
    for one in route.spec.maps("spec", "rules"):
        for backend in one.maps("backendRefs"):
            if backend.text("kind") in ("", "Service") and backend.text("name"):
                where, port = backend.at("name"), _port(backend.dig("port"))
                at = backend.at("port")
                yield IngressBackend(route, backend.text("name"), port, tls, where, at)


def _by_listeners(route: Manifest, manifests: ManifestSet) -> bool | None:
    """Whether the listeners that a route is attached to end TLS; None if they are not in sight."""
    protocols = set()
    for parent in route.spec.maps("spec", "parentRefs"):
        gateway = manifests.find("Gateway", parent.text("name"))
        if gateway is None:
            return None
        for listener in gateway.spec.maps("spec", "listeners"):
            if parent.text("sectionName") in ("", listener.text("name")):
                protocols.add(listener.text("protocol"))
    return True if protocols and protocols <= {"HTTPS", "TLS"} else None


def _of_virtual_service(route: Manifest, manifests: ManifestSet) -> Iterator[IngressBackend]:
    for kind in ("http", "tls", "tcp"):
        for one in route.spec.maps("spec", kind):
            for way in one.maps("route"):
                name = way.text("destination", "host").partition(".")[0]
                if name:
                    port, where = way.map("destination", "port"), way.at("destination", "host")
                    at, number = way.at("destination", "port"), _port(port.dig("number"))
                    yield IngressBackend(route, name, number, None, where, at)


def _of_traefik(route: Manifest, manifests: ManifestSet) -> Iterator[IngressBackend]:
    entries = [str(item) for item in route.spec.items_of("spec", "entryPoints")]
    tls = True if route.spec.dig("spec", "tls") is not None or "websecure" in entries else None
    for one in route.spec.maps("spec", "routes"):
        for service in one.maps("services"):
            if service.text("kind") in ("", "Service") and service.text("name"):
                where, port = service.at("name"), _port(service.dig("port"))
                at = service.at("port")
                yield IngressBackend(route, service.text("name"), port, tls, where, at)


def _of_openshift(route: Manifest, manifests: ManifestSet) -> Iterator[IngressBackend]:
    """Routes of OpenShift name a port of the pods, so the Service's own port is not known."""
    if route.group != "route.openshift.io":
        return
    tls = isinstance(route.spec.dig("spec", "tls"), Map)
    targets: Iterable[Map] = (
        route.spec.map("spec", "to"),
        *route.spec.maps("spec", "alternateBackends"),
    )
    for target in targets:
        if target.text("name"):
            where = target.at("name")
            yield IngressBackend(route, target.text("name"), None, tls, where, where)


def _port(value: object) -> int | str | None:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value[:9])
    return value if isinstance(value, (int, str)) and not isinstance(value, bool) else None


_READERS = {
    "Ingress": _of_ingress,
    "HTTPRoute": _of_route,
    "GRPCRoute": _of_route,
    "VirtualService": _of_virtual_service,
    "IngressRoute": _of_traefik,
    "Route": _of_openshift,
}
