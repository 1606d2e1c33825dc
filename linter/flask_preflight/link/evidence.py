"""Evidence of practices: what in a repository shows that logs are collected or data copied."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from flask_preflight.artifacts.compose import Service
from flask_preflight.artifacts.products import base_name
from flask_preflight.artifacts.requirements import Requirement
from flask_preflight.facts import Deployment, Entry
from flask_preflight.lazy import expression
from flask_preflight.result import Location, Region
from flask_preflight.run import File, Tree

LOG_IMAGES = frozenset(
    "fluent-bit fluentd vector promtail alloy loki logstash filebeat graylog seq splunk "
    "datadog-agent agent otel-collector opentelemetry-collector opentelemetry-collector-contrib "
    "cribl logspout dozzle-agent".split()
)
LOG_DRIVERS = frozenset("journald syslog gelf fluentd awslogs gcplogs splunk loki".split())
LOG_PACKAGES = frozenset(
    "watchtower google-cloud-logging opencensus-ext-azure python-logstash python3-logstash "
    "python-logstash-async logging-loki python-logging-loki graypy pygelf logtail-python "
    "azure-monitor-opentelemetry datadog-log-handler coralogix-logger".split()
)
METRIC_PACKAGES = frozenset(
    "prometheus-flask-exporter prometheus-client ddtrace datadog newrelic statsd elastic-apm "
    "opentelemetry-instrumentation-flask opentelemetry-sdk scout-apm appsignal "
    "azure-monitor-opentelemetry flask-prometheus-metrics starlette-exporter".split()
)
ERROR_PACKAGES = frozenset(
    "sentry-sdk rollbar bugsnag raven airbrake honeybadger newrelic ddtrace elastic-apm "
    "appsignal azure-monitor-opentelemetry".split()
)
METRIC_IMAGES = frozenset(
    "prometheus grafana-agent alloy telegraf netdata statsd-exporter agent datadog-agent "
    "otel-collector opentelemetry-collector opentelemetry-collector-contrib victoria-metrics "
    "vmagent newrelic-infrastructure".split()
)
METRIC_KINDS = frozenset("ServiceMonitor PodMonitor PodMonitoring ClusterPodMonitoring".split())
ALERT_IMAGES = frozenset("alertmanager uptime-kuma karma".split())
ALERT_KINDS = frozenset(
    "PrometheusRule Rules ClusterRules GlobalRules AlertmanagerConfig DatadogMonitor".split()
)
ALERT_TEXT = expression(
    r"(?:metric_alarm|alert_policy|metric_alert|datadog_monitor|newrelic_\w*condition"
    r"|grafana_rule_group|pagerduty_service)\b|^\s*-?\s*alert:\s",
    re.MULTILINE,
)
FIREWALL_TEXT = expression(
    r"\bufw (?:allow|deny|enable|limit)\b|\b(?:iptables|ip6tables|nft) -?\w|\bfirewall-cmd\b"
    r"|security_group|firewall"
)
BACKUP_IMAGES = expression(
    r"(?:postgres|pg|mysql|mariadb|mongo|db|database)[-_]?(?:s3[-_])?backup|backup[-_]|[-_]backup"
    r"|restic|borg|duplicity|litestream|wal-g|pgbackrest|barman|velero|volume-backup"
)
BACKUP_KINDS = frozenset(
    "Schedule Backup BackupStorageLocation VolumeSnapshot ScheduledBackup BackupPlan "
    "BackupConfiguration".split()
)
BACKUP_TEXT = expression(
    r"\b(?:pg_dump(?:all)?|mysqldump|mariadb-dump|mongodump|pg_basebackup|restic|borg(?:matic)?"
    r"|rclone|duplicity|barman|wal-g|pgbackrest|litestream|backup-plans create|velero)\b"
    r"|\.backup\b|backup_retention_period|backup_configuration|pg:backups|aws_backup_|redis-cli.*BGSAVE"
)
RESTORE_TEXT = expression(
    r"\b(?:pg_restore|mongorestore|velero restore|restic restore|RestorePlan)\b"
    r"|\brestore(?:s|-plans) create\b"
    r"|\bmysql\b[^\n]*<"
)
RESTORE_COMMAND = expression(
    r"^[ \t]*(?:\$ )?(?:[\w./-]+ ){0,5}(?:pg_restore|mongorestore|(?:velero|restic) restore"
    r"|restores create)\b",
    re.MULTILINE,
)
RESTORE_HEADING = expression(r"^(?:#+[ \t].*|[^\n]*\n[=\-~]{4,}[ \t]*$)", re.MULTILINE)
PLAN_NAME = expression(r"runbook|playbook|disaster|recovery|dr-?plan|incident|continuity", re.I)
PLAN_HEADING = expression(
    r"^(?:#+|=+)[ \t].*\b(?:disaster recovery|recovery plan|runbook|incident response"
    r"|business continuity)\b",
    re.IGNORECASE | re.MULTILINE,
)
_PLAN_FOLDERS = expression(r"(?:[^/]*|(?:docs?|runbooks|ops|\.github)/.*)\Z")


_MOST_TEXT = 20_000
_SPOKEN = expression(r"readme|install|deploy|backup|restore|recover|runbook|operat|admin")
"""Names of plain text that people read; other `.txt` files are lists of words and licences."""


def packages(deployment: Deployment, names: frozenset[str]) -> list[Location]:
    """Where one of these packages is asked for, by anything but development groups."""
    found = (r for r in deployment[Requirement] if r.name in names and not r.for_development)
    return [requirement.location for requirement in found]


def copies_data(entry: Entry) -> bool:
    """Whether an entry makes backups, by its image, its name, its command or its labels."""
    image = base_name(getattr(entry.part, "image", "") or "")
    if BACKUP_IMAGES.search(image) or BACKUP_IMAGES.search(entry.name):
        return True
    said = list(entry.argv or ())
    if isinstance(entry.part, Service):
        said += (f"{name}={value}" for name, value in entry.part.labels.items())
    return BACKUP_TEXT.search(" ".join(said)[:_MOST_TEXT]) is not None


def documents(tree: Tree) -> Iterator[tuple[File, str]]:
    """Documentation that could be read: prose counts for restoring and planning only."""
    for file in tree.of("doc"):
        name = file.path.rpartition("/")[2].lower()
        told = not name.endswith(".txt") or _SPOKEN.search(name) is not None
        if file.role in ("production", "example") and "changelog" not in name and told:
            text = tree.text(file.path)
            if text:
                yield file, text


def operations(tree: Tree) -> Iterator[tuple[File, str]]:
    """Scripts, pipelines and infrastructure code."""
    for file in tree.files:
        if {"script", "iac", "ci"} & set(file.kinds) or file.path.endswith((".timer", "crontab")):
            text = tree.text(file.path)
            if text:
                yield file, text


def mentions(texts: Iterable[tuple[File, str]], pattern: re.Pattern[str]) -> Iterator[Location]:
    """The first place in each text that fits."""
    for file, text in texts:
        found = pattern.search(text)
        if found is not None:
            line = text.count("\n", 0, found.start()) + 1
            yield Location(file.path, Region(line))


def restore_steps(tree: Tree) -> Iterator[Location]:
    """Headings about restoring with a command or numbered steps below them."""
    for file, text in documents(tree):
        for heading in RESTORE_HEADING.finditer(text):
            if re.search(r"\brestor(?:e|ing|ation)\b", heading.group(), re.I):
                below = text[heading.end() : heading.end() + 3000]
                section = re.split(r"^#+[ \t]", below, maxsplit=1, flags=re.M)[0]
                if re.search(r"^(?:```|\s{4}\S|\s*\d+[.)] )", section, re.M):
                    line = text.count("\n", 0, heading.start()) + 1
                    yield Location(file.path, Region(line))


def plans(tree: Tree) -> Iterator[Location]:
    """Plans for recovery: files of that name with something in them, and headings."""
    for file, text in documents(tree):
        name = file.path.rpartition("/")[2]
        lines = sum(1 for line in text.split("\n") if line.strip())
        if PLAN_NAME.search(name) and lines >= 10 and _PLAN_FOLDERS.match(file.path):
            yield Location(file.path)
            continue
        heading = PLAN_HEADING.search(text)
        if heading is not None:
            yield Location(file.path, Region(text.count("\n", 0, heading.start()) + 1))


def stops_first(entry: Entry) -> bool:
    """Whether nobody is served while it is replaced; a Swarm stops first unless told otherwise."""
    if entry.carrier == "kubernetes":
        workload = getattr(entry.part, "workload", None)
        return workload is not None and workload.spec.text("strategy", "type") == "Recreate"
    if not isinstance(entry.part, Service) or entry.carrier != "swarm":
        return False
    order = entry.part.spec.text("deploy", "update_config", "order")
    return entry.replicas.multi is False and order != "start-first"
