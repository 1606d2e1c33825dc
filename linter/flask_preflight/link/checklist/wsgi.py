"""Whether the application is served by a server for production, and that server kept running."""

from __future__ import annotations

from flask_preflight.artifacts.compose import Service
from flask_preflight.artifacts.process import Process
from flask_preflight.artifacts.wsgi import Server
from flask_preflight.facts import Entry
from flask_preflight.link.checklist.subject import (
    Answer,
    Subject,
    line,
    missing,
    present,
    unknown,
)

PACKAGES = frozenset(
    "gunicorn uwsgi pyuwsgi uwsgi-binary waitress mod-wsgi hypercorn uvicorn granian bjoern "
    "cheroot meinheld gevent eventlet".split()
)
KINDS = ("gunicorn", "uwsgi", "waitress", "other-server")
CAPACITY = frozenset(
    "workers threads worker_class timeout processes cheaper harakiri enable-threads "
    "max_requests worker_connections".split()
)
"""Settings that somebody chose for the load that is expected."""


def _server(subject: Subject) -> Answer:
    servers = [entry.server for entry in subject.served if entry.server is not None]
    if servers:
        development = [s for s in servers if s.development or s.kind == "script"]
        if development:
            return missing("development server", (s.location for s in development))
        return present(server.location for server in servers)
    asked = subject.installed(PACKAGES)
    if asked:
        return unknown("a server is installed, nothing here starts it", asked)
    followed = [one for one in subject.deployment[Server] if one.kind in KINDS]
    if followed or any("uwsgi" in one.path.rpartition("/")[2] for one in subject.tree.of("wsgi")):
        return unknown("what the server serves could not be followed")
    if subject.shape in ("source only", "host"):
        return missing("nothing in this repository starts a production server")
    return unknown("what serves the application could not be followed")


def _configuration(subject: Subject) -> Answer:
    servers = [e.server for e in subject.served if e.server is not None and e.server.kind in KINDS]
    if not servers:
        return unknown("no server could be followed")
    chosen = [s for s in servers if s.config_path or CAPACITY & s.settings.keys()]
    given = [e for e in subject.served if e.environment.provides("WEB_CONCURRENCY")]
    if chosen or given:
        return present([*(s.location for s in chosen), *(e.location for e in given)])
    return missing("workers, threads and timeout are the defaults", (s.location for s in servers))


def _supervision(subject: Subject) -> Answer:
    entries = [entry for entry in subject.served if entry.carrier != "image"]
    if not entries:
        return unknown("no deployment of the application is described")
    without = [entry for entry in entries if not _restarted(entry)]
    if without:
        return missing("nothing starts it again", (entry.location for entry in without))
    return present(entry.location for entry in entries)


def _restarted(entry: Entry) -> bool:
    if isinstance(entry.part, Service) and entry.carrier == "compose":
        policy = entry.part.spec.dig("restart")
        given = policy not in (None, "no", False)
        return given or bool(entry.part.spec.map("deploy", "restart_policy"))
    if isinstance(entry.part, Process) and entry.part.format == "systemd":
        return "Restart" in entry.part.fields
    return True


def _graceful_stop(subject: Subject) -> Answer:
    known = [entry for entry in subject.served if entry.started is not None]
    if not known:
        return unknown("how the server is started could not be followed")
    return present((entry.argv_location for entry in known), "the server gets the signal to stop")


LINES = (
    line(
        "wsgi",
        "wsgi-server",
        "WSGI server",
        10,
        _server,
        "a command that starts Gunicorn, uWSGI or Waitress",
        "WSG101 WSG105 DKR401 DKR402 FLK103 FLK104 CIC079 ENV203 OPS001",
    ),
    line(
        "wsgi",
        "wsgi-configuration",
        "WSGI configuration",
        4,
        _configuration,
        "a configuration file, or options for workers, threads and timeout",
        "WSG103 WSG104 WSG106 WSG107 WSG201 WSG202 WSG203 WSG204 WSG205 WSG301 WSG501 "
        "WSG502 WSG503 WSG504 WSG505 WSG508 DEP026 DEP027",
    ),
    line(
        "wsgi",
        "process-supervision",
        "process supervision",
        4,
        _supervision,
        "an orchestrator, `restart:`, systemd's `Restart=` or supervisor",
        "CMP010 CMP096 WSG403 WSG406",
    ),
    line(
        "wsgi",
        "graceful-stop",
        "graceful stop",
        4,
        _graceful_stop,
        "a start command that gets SIGTERM, and time to finish",
        "DKR405 DKR409 DKR411 WSG502 FLK604 DEP110 K8S077",
    ),
)
