"""Whether anybody can see what happens in production, and is told when it goes wrong."""

from __future__ import annotations

from flask_preflight.link import evidence
from flask_preflight.link.checklist.subject import (
    ELSEWHERE,
    NOT_APPLICABLE,
    Answer,
    Subject,
    line,
    missing,
    present,
    unknown,
    weak,
)
from flask_preflight.result import Location


def _application_logs(subject: Subject) -> Answer:
    if not subject.served:
        return unknown("where its output goes is not described")
    return present((e.location for e in subject.served), "the output of the server is kept")


def _log_aggregation(subject: Subject) -> Answer:
    found = [
        *subject.running(evidence.LOG_IMAGES),
        *subject.installed(evidence.LOG_PACKAGES),
        *_drivers(subject, evidence.LOG_DRIVERS),
    ]
    if found:
        return present(found)
    if subject.shape in ("single host", "host") and not subject.opened:
        return missing("logs stay on the machine")
    if subject.shape == "platform":
        return weak("the platform keeps the stream for a while")
    return unknown("collected where it is deployed")


def _drivers(subject: Subject, names: frozenset[str]) -> list[Location]:
    return [
        service.at("logging", "driver")
        for service in subject.services
        if service.spec.text("logging", "driver") in names
    ]


def _log_rotation(subject: Subject) -> Answer:
    if not subject.services:
        return NOT_APPLICABLE
    rotated = _drivers(subject, evidence.LOG_DRIVERS | {"local", "none"}) + [
        service.at("logging", "options", "max-size")
        for service in subject.services
        if service.spec.text("logging", "options", "max-size")
    ]
    if not rotated:
        return missing("the logs of all services grow until the disk is full")
    if len(rotated) < len(subject.services):
        return weak("the logs of some services grow until the disk is full", rotated)
    return present(rotated)


def _monitoring(subject: Subject) -> Answer:
    collected = [
        *subject.kinds(evidence.METRIC_KINDS),
        *subject.running(evidence.METRIC_IMAGES),
        *(m.at() for m in subject.manifests if "prometheus.io/scrape" in m.annotations),
    ]
    exported = subject.installed(evidence.METRIC_PACKAGES)
    if collected and exported:
        return present([*exported, *collected])
    if collected or exported:
        return weak("exported or collected, not both", [*exported, *collected])
    if subject.opened or subject.shape in (*ELSEWHERE, "platform"):
        return unknown("measured where it is deployed")
    return missing("nothing measures it")


def _alerting(subject: Subject) -> Answer:
    found = [
        *subject.kinds(evidence.ALERT_KINDS),
        *subject.running(evidence.ALERT_IMAGES),
        *subject.in_infrastructure(evidence.ALERT_TEXT),
    ]
    if found:
        return present(found)
    measured = [
        *subject.kinds(evidence.METRIC_KINDS),
        *subject.running(evidence.METRIC_IMAGES),
    ]
    if subject.opened or not measured:
        return unknown("nothing here says who is told when it fails")
    return missing("it is measured, nobody is told", measured)


def _error_tracking(subject: Subject) -> Answer:
    found = subject.installed(evidence.ERROR_PACKAGES)
    return present(found) if found else missing("nothing reports exceptions")


LINES = (
    line(
        "observability",
        "application-logs",
        "application logs",
        4,
        _application_logs,
        "logs on standard output, unbuffered",
        "FLK701 FLK702 FLK703 FLK709 WSG401 WSG402 DKR501",
    ),
    line(
        "observability",
        "log-aggregation",
        "log aggregation",
        4,
        _log_aggregation,
        "Fluent Bit, Vector, Loki and the like, a logging driver, or a drain",
        "OPS601",
    ),
    line(
        "observability",
        "log-rotation",
        "log rotation",
        1,
        _log_rotation,
        "`max-size` of the logging driver, or logrotate",
        "CMP070 CMP071",
    ),
    line(
        "observability",
        "monitoring",
        "monitoring",
        4,
        _monitoring,
        "metrics that the application exports and something that collects them",
        "FLK707 DEP128 K8S161",
    ),
    line(
        "observability",
        "alerting",
        "alerting",
        4,
        _alerting,
        "rules of Prometheus, alarms of the cloud, or a check from outside",
        "OPS603",
    ),
    line(
        "observability",
        "error-tracking",
        "error tracking",
        4,
        _error_tracking,
        "Sentry or the like, initialised and with its address",
        "FLK705 FLK706",
    ),
)
