"""Whether configuration comes from the environment and secrets from where they belong."""

from __future__ import annotations

from flask_preflight.artifacts.secret import secret_name
from flask_preflight.facts import Entry, Variable
from flask_preflight.link.checklist.subject import (
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

ENOUGH_READS = 4
"""With fewer variables, a list of them is not missed."""
STORES = frozenset(
    "valueFrom Secret SealedSecret ExternalSecret secret secrets systemd-credential".split()
)


def _environment(subject: Subject) -> Answer:
    reads = [read for application in subject.applications for read in application.reads]
    if reads:
        return present(read.location for read in reads)
    wholesale = [a.reads_all for a in subject.applications if a.reads_all is not None]
    if wholesale:
        return present(wholesale)
    return unknown("no variable of the environment is read")


def _documented(subject: Subject) -> Answer:
    names = {read.name for application in subject.applications for read in application.reads}
    if len(names) < ENOUGH_READS:
        return NOT_APPLICABLE
    files = [file for file in subject.tree.of("env") if file.role == "template"]
    if files:
        return present(Location(file.path) for file in files)
    for file, text in subject.documents:
        if sum(name in text for name in names) * 2 >= len(names):
            return present([Location(file.path)])
    return missing(f"{len(names)} variables are read, none of them is explained")


def _no_secrets(subject: Subject) -> Answer:
    return present((), "no secret was found in the files")


def _store(subject: Subject) -> Answer:
    given = [
        (entry, variable)
        for entry in subject.served
        for variable in entry.environment.variables
        if secret_name(variable.name)
    ]
    if not given:
        return unknown("where its secrets come from is not described")
    plain = [where for entry, where in given if not _from_store(entry, where)]
    if not plain:
        return present(variable.location for _, variable in given)
    return weak("secrets stand among the variables", (variable.location for variable in plain))


def _from_store(entry: Entry, variable: Variable) -> bool:
    return entry.carrier == "platform" or variable.source in STORES or variable.value is None


def _debug(subject: Subject) -> Answer:
    return present((), "nothing switches it on")


LINES = (
    line(
        "configuration",
        "environment-variables",
        "environment variables",
        10,
        _environment,
        "values that differ between environments are read from variables or files",
        "FLK102 FLK105 FLK106 FLK112 DEP040 DEP041 DEP044 ENV101 ENV106",
    ),
    line(
        "configuration",
        "documented-configuration",
        "documented variables",
        1,
        _documented,
        "an .env.example, or a table in the documentation",
    ),
    line(
        "configuration",
        "secrets-out-of-code",
        "secrets out of the code",
        10,
        _no_secrets,
        "no secret in any file",
        "FLK201 FLK202 SEC001 SEC002 SEC003 SEC004 SEC005 SEC006 SEC007 SEC010 SEC011 "
        "SEC012 SEC013 SEC015 SEC016 ENV102 DKR301 DKR302 DKR303 CIC023",
    ),
    line(
        "configuration",
        "secret-store",
        "secret management",
        4,
        _store,
        "Secrets of the cluster, of Compose or of a platform",
        "K8S120 K8S121 K8S122 K8S123 CMP040 CMP042 CMP044 ENV105",
    ),
    line(
        "configuration",
        "debug-off",
        "debug mode off",
        10,
        _debug,
        "nothing that switches the debugger on",
        "FLK101 FLK102 FLK107 FLK108 WSG102 ENV101 CMP041 K8S127 CIC080",
    ),
)
