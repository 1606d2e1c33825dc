"""Whether production is described, looked after and replaced without a gap."""

from __future__ import annotations

from flask_preflight.facts import Entry
from flask_preflight.link.checklist.subject import (
    ELSEWHERE,
    NOT_APPLICABLE,
    Answer,
    Subject,
    is_home,
    line,
    missing,
    present,
    unknown,
    weak,
)
from flask_preflight.link.evidence import stops_first


def _orchestrator(subject: Subject) -> Answer:
    found = [world.location for world in subject.described("kubernetes", "swarm", "platform")]
    if found:
        return present(found)
    if subject.shape in ELSEWHERE or subject.opened or subject.labelled("publish_package"):
        return unknown("deployed from elsewhere")
    if subject.labelled("push_image") and not subject.labelled("deploy"):
        return unknown("the image is published for others to run")
    return missing("it runs on one host", (world.location for world in subject.worlds))


def _description(subject: Subject) -> Answer:
    found = [world.location for world in subject.worlds if is_home(world)]
    if found:
        return present(found)
    described = {world.kind for world in subject.deployment.worlds} - {"image"}
    elsewhere = subject.opaque or subject.labelled("push_image", "deploy")
    if described and not elsewhere:
        return missing("only a development deployment is described")
    return unknown("deployed from elsewhere")


def _health_checks(subject: Subject) -> Answer:
    served = [entry for entry in subject.served if entry.carrier not in ("host", "image")]
    if not served:
        return unknown("no deployment of the application is described")
    without = [entry for entry in served if not _is_checked(entry)]
    if not without:
        return present(probe.location for entry in served for probe in entry.probes)
    if all(entry.carrier == "platform" for entry in without):
        return weak("the platform only looks whether the port is open")
    return missing("no health check", (entry.location for entry in without))


def _is_checked(entry: Entry) -> bool:
    return any(probe.kind in ("readiness", "healthcheck", "platform") for probe in entry.probes)


def _resource_limits(subject: Subject) -> Answer:
    served = [e for e in subject.served if e.carrier in ("compose", "swarm", "kubernetes")]
    if not served:
        return unknown("set where it is deployed")
    without = [entry.location for entry in served if entry.memory is None]
    if without:
        return missing("no limit of memory", without)
    return present(entry.location for entry in served)


def _rollout(subject: Subject) -> Answer:
    served = [e for e in subject.served if e.carrier in ("swarm", "kubernetes", "platform")]
    if not served:
        return unknown("how a new version replaces the old one is not described")
    halting = [entry for entry in served if stops_first(entry)]
    if halting:
        return weak("the old version stops first", (entry.location for entry in halting))
    return present((e.location for e in served), "the old version serves until the new one does")


def _discovery(subject: Subject) -> Answer:
    stores = [entry for entry in subject.entries if entry.kind == "datastore"]
    named = [e for e in stores if e.carrier in ("compose", "swarm", "kubernetes")]
    if named:
        return present((e.location for e in named), "services are found by their names")
    if not any(application.databases for application in subject.applications):
        return NOT_APPLICABLE
    return unknown("how it finds its database is said where it is deployed")


def _autoscaling(subject: Subject) -> Answer:
    if subject.shape in ("single host", "host"):
        return NOT_APPLICABLE
    kinds = frozenset(("HorizontalPodAutoscaler", "ScaledObject"))
    scalers = subject.kinds(kinds)
    if scalers:
        return present(scalers)
    if subject.opened or subject.shape != "cluster":
        return unknown("set where it is deployed")
    if not subject.described("kubernetes"):
        return NOT_APPLICABLE
    return missing("the number of replicas is fixed", (e.location for e in subject.served))


LINES = (
    line(
        "orchestration",
        "orchestrator",
        "Kubernetes or Docker Swarm",
        4,
        _orchestrator,
        "manifests, a stack file, or the description of a platform",
    ),
    line(
        "orchestration",
        "production-description",
        "description of production",
        10,
        _description,
        "a Compose file, manifests or a platform's file that is not for development",
        "OPS302",
    ),
    line(
        "orchestration",
        "health-checks",
        "health checks",
        10,
        _health_checks,
        "a readiness probe or health check that asks a route of the application",
        "K8S060 K8S061 CMP011 DKR412 FLK603 DEP001 DEP002 DEP003 DEP004 DEP005 DEP007 "
        "DEP008 DEP009 DEP010 DEP013",
    ),
    line(
        "orchestration",
        "resource-limits",
        "resource limits",
        4,
        _resource_limits,
        "requests and limits of memory",
        "K8S080 K8S081 CMP080 DEP086",
    ),
    line(
        "orchestration",
        "safe-rollout",
        "safe rollout",
        4,
        _rollout,
        "rolling updates, or releases by a platform",
        "K8S067 K8S076 CMP093 CIC077 DEP092 MIG020 MIG030 MIG031",
    ),
    line(
        "orchestration",
        "service-discovery",
        "service discovery",
        4,
        _discovery,
        "names of services instead of addresses",
        "DEP028 DEP029 DEP031 K8S100 K8S106",
    ),
    line(
        "orchestration",
        "autoscaling",
        "autoscaling",
        1,
        _autoscaling,
        "a HorizontalPodAutoscaler, KEDA, or a platform that scales",
        "K8S068 K8S069 K8S070 K8S071",
    ),
)
