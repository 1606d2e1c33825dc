"""Whether clients reach the application encrypted, and attackers nothing else."""

from __future__ import annotations

from flask_preflight.link import evidence
from flask_preflight.link.checklist.subject import (
    NOT_APPLICABLE,
    Answer,
    Subject,
    line,
    missing,
    present,
    unknown,
)

POLICIES = frozenset(
    "NetworkPolicy CiliumNetworkPolicy CiliumClusterwideNetworkPolicy GlobalNetworkPolicy "
    "AdminNetworkPolicy AuthorizationPolicy Sidecar Server ServerAuthorization".split()
)


def _https(subject: Subject) -> Answer:
    edges = [entry for entry in subject.served if entry.edge is not None]
    if any(entry.edge == "https" for entry in edges):
        encrypted = [hop.location for e in edges for hop in e.fronts if hop.tls]
        return present(encrypted or [entry.location for entry in edges if entry.edge == "https"])
    if edges and all(entry.edge == "http" for entry in edges):
        return missing("offered in clear text", (entry.location for entry in edges))
    return unknown("ends where it is deployed")


def _firewall(subject: Subject) -> Answer:
    policies = subject.kinds(POLICIES)
    if policies:
        return present(policies)
    written = [
        *evidence.mentions(subject.operations, evidence.FIREWALL_TEXT),
        *subject.in_infrastructure(evidence.FIREWALL_TEXT),
    ]
    if written:
        return present(written)
    if subject.shape == "single host":
        open_ports = [e for e in subject.entries if e.kind == "datastore" and e.published]
        if open_ports:
            return missing("a database is open to others", (e.location for e in open_ports))
        return present((e.location for e in subject.entries if e.published), "nothing else is open")
    if subject.shape == "cluster" and subject.described("kubernetes") and not subject.opened:
        return missing("every pod reaches every other")
    return unknown("limited where it is deployed")


def _hardening(subject: Subject) -> Answer:
    if not subject.in_containers:
        return NOT_APPLICABLE
    images = [entry.image for entry in subject.served if entry.image is not None]
    if not images:
        return unknown("the image is not built here")
    root = [image for image in images if image.runs_as_root is not False]
    if not root:
        return present(image.at() for image in images)
    if any(image.runs_as_root for image in root):
        return missing("runs as root", (image.at() for image in root))
    return unknown("the user of the image is not known")


def _trusted_proxies(subject: Subject) -> Answer:
    hops = [hop for entry in subject.served for hop in entry.fronts if hop.kind != "service"]
    if hops:
        return present(hop.location for hop in hops)
    return unknown("what stands before the server is not described")


def _cookies(subject: Subject) -> Answer:
    uses = [use for application in subject.applications for use in application.session_uses]
    if not uses:
        return NOT_APPLICABLE
    return present(use.location for use in uses)


def _updates(subject: Subject) -> Answer:
    based = [image.at() for image in subject.images]
    if based:
        return present(based, "the base image is still maintained")
    return unknown("which Python it runs on is not described")


LINES = (
    line(
        "security",
        "https",
        "HTTPS",
        10,
        _https,
        "a certificate at the outermost proxy, Ingress or platform",
        "K8S103 K8S104 K8S105 K8S108 CMP052 DEP118 NGX001 NGX002",
    ),
    line(
        "security",
        "firewall",
        "firewall",
        4,
        _firewall,
        "a NetworkPolicy, security groups, or rules of ufw or nftables",
        "K8S110 K8S113 CMP050 CMP051 WSG506 WSG507",
    ),
    line(
        "security",
        "container-hardening",
        "container security",
        10,
        _hardening,
        "a user without rights, no privileges, no socket of Docker",
        "DKR101 DKR102 K8S020 K8S021 K8S022 K8S023 K8S025 K8S027 K8S028 K8S030 K8S031 "
        "K8S032 CMP020 CMP021 CMP022 CMP023 CMP024 CMP026 CMP028 CMP029 CMP030 DEP102",
    ),
    line(
        "security",
        "trusted-proxies",
        "trusted proxies",
        4,
        _trusted_proxies,
        "ProxyFix with as many hops as there are",
        "FLK401 FLK402 WSG304 DEP119",
    ),
    line(
        "security",
        "cookies-and-forms",
        "cookies and forms",
        4,
        _cookies,
        "cookies that are secure, forms that are protected",
        "FLK301 FLK302 FLK303 FLK305 FLK308 FLK310 FLK410 FLK412",
    ),
    line(
        "security",
        "security-updates",
        "security updates",
        4,
        _updates,
        "a base image and a Python that are still maintained",
        "DKR204 K8S001",
    ),
)
