"""Whether data is copied, can be brought back, and somebody wrote down how."""

from __future__ import annotations

from flask_preflight.artifacts.migrations import History
from flask_preflight.link import evidence
from flask_preflight.link.checklist.subject import (
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
from flask_preflight.result import Location


def _persistent(subject: Subject) -> list[Location]:
    """Data of production that somebody must copy: databases with a volume, files of SQLite."""
    found = [
        mount.location
        for entry in subject.entries
        if entry.kind == "datastore"
        for mount in entry.mounts
        if mount.kind in ("bind", "named", "pvc", "hostPath")
    ]
    found += (d.location for e in subject.entries for d in e.data_files if d.mount is not None)
    return found


def _data_backup(subject: Subject) -> Answer:
    data = _persistent(subject)
    if not data and subject.shape in ("cluster", "single host") and not subject.opened:
        return NOT_APPLICABLE
    found = subject.copies
    if found:
        return present(found)
    if not data:
        return unknown("the data is kept elsewhere")
    if subject.opened:
        return unknown("may be set by the infrastructure code")
    return missing("nothing copies it", data)


def _quality(subject: Subject) -> Answer:
    if not _persistent(subject):
        return NOT_APPLICABLE
    running = [entry.location for entry in subject.entries if evidence.copies_data(entry)]
    scheduled = [*running, *subject.kinds(evidence.BACKUP_KINDS)]
    if scheduled:
        return present(scheduled)
    if subject.copies:
        return weak("nothing here makes it regular", subject.copies)
    return NOT_APPLICABLE


def _configuration(subject: Subject) -> Answer:
    described = [world.location for world in subject.worlds if is_home(world)]
    histories = [
        one.location for history in subject.deployment[History] for one in history.revisions[:1]
    ]
    if described or subject.opened:
        opened = [subject.opened] if subject.opened else []
        done = [one for each in subject.deployment[History] for one in each.migrations]
        back = sum(one.downgrade is not None and not one.downgrade.empty for one in done)
        said = f"{back} of {len(done)} migrations can go back" if done else ""
        return present([*described, *opened, *histories], said)
    return unknown("how it is deployed is not in the repository", histories)


def _restore(subject: Subject) -> Answer:
    if _data_backup(subject).state != "present":
        return NOT_APPLICABLE
    found = [
        *evidence.mentions(subject.operations, evidence.RESTORE_TEXT),
        *evidence.mentions(subject.documents, evidence.RESTORE_COMMAND),
        *evidence.restore_steps(subject.tree),
    ]
    return present(found) if found else missing("no way back is written down")


def _plan(subject: Subject) -> Answer:
    found = list(evidence.plans(subject.tree))
    if found:
        return present(found)
    if _persistent(subject):
        return missing("no plan")
    return NOT_APPLICABLE if subject.shape in ("cluster", "single host") else unknown("")


LINES = (
    line(
        "recovery",
        "data-backup",
        "backup of the data",
        10,
        _data_backup,
        "a job, a service or a managed database that copies the data",
        "K8S147 CMP062 K8S087 CMP060 OPS901",
    ),
    line(
        "recovery",
        "backup-quality",
        "regular backups",
        4,
        _quality,
        "a schedule, and a copy that leaves the machine",
        "K8S141",
    ),
    line(
        "recovery",
        "configuration-backup",
        "backup of the configuration",
        4,
        _configuration,
        "the description of production and the migrations in the repository",
        "FLK508",
    ),
    line(
        "recovery",
        "restore",
        "restore procedure",
        4,
        _restore,
        "a script, a job, or documented steps with their commands",
        "OPS902",
    ),
    line(
        "recovery",
        "recovery-plan",
        "disaster recovery plan",
        4,
        _plan,
        "a runbook, or a section about recovery in the documentation",
        "OPS903",
    ),
)
