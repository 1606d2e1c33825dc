"""The environments: what each entry is given, and whether that is all of it."""

from __future__ import annotations

from functools import partial

from flask_preflight.artifacts.source import HOLE, Value
from flask_preflight.facts import Deployment, Entry
from flask_preflight.lazy import expression
from flask_preflight.result import Location
from flask_preflight.run import Tree

_KNOWN = frozenset(
    "PATH HOME HOSTNAME PWD LANG LC_ALL TZ TERM SHELL USER LOGNAME TMPDIR PYTHON_VERSION "
    "PYTHON_SHA256 PYTHON_PIP_VERSION GPG_KEY KUBERNETES_SERVICE_HOST KUBERNETES_SERVICE_PORT "
    "WERKZEUG_RUN_MAIN WERKZEUG_SERVER_FD FLASK_RUN_FROM_CLI FLASK_APP FLASK_ENV FLASK_DEBUG "
    "SERVER_SOFTWARE".split()
)
"""What the system, the official images, or the server itself provides."""
_OF_A_SERVICE = expression(r"[A-Z][A-Z0-9_]*_(?:SERVICE_(?:HOST|PORT)(?:_\w+)?|PORT(?:_\w+)?)\Z")
"""What the kubelet sets for every Service of the namespace."""


def known(name: str, entry: Entry) -> bool:
    """Whether a variable exists in this entry without being written anywhere."""
    if name in _KNOWN:
        return True
    return entry.carrier == "kubernetes" and _OF_A_SERVICE.match(name) is not None


def link(tree: Tree, deployment: Deployment) -> None:
    """Add what the start adds, and note what may come from outside."""
    for entry in deployment.entries:
        entry.environment.ambient = partial(known, entry=entry)
        _add_start(entry)
        _open_image(entry)
        application = entry.application
        if application is not None and application.reads_all is not None:
            entry.environment.open(
                application.reads_all, "the application takes the environment whole"
            )


def _add_start(entry: Entry) -> None:
    environment, started = entry.environment, entry.started
    if started is not None:
        environment.variables += started.variables
        if started.open_because is not None:
            environment.open(started.open_because, "a wrapper adds variables")
    server = entry.server
    if server is not None:
        environment.variables += server.raw_env
        if server.open_because is not None:
            environment.open(server.open_because, "more settings of the server may exist")


def _open_image(entry: Entry) -> None:
    """An image that nobody can look into may set any variable."""
    if entry.carrier not in ("compose", "swarm", "kubernetes"):
        return
    if entry.image is None:
        entry.environment.open(entry.location, "its image is not built from this repository")
    elif entry.image.open_environment is not None:
        entry.environment.open(entry.image.open_environment, "its base image is not known")


def effective(value: Value, entry: Entry) -> tuple[str, Location] | None:
    """The text that a value has in an entry, and who decided it; None where that is unknown."""
    if value.kind == "literal":
        return None if not value.is_text or HOLE in value.text else (value.text, value.place)
    if value.kind != "env":
        return None
    for name in value.names:
        given = entry.environment.get(name)
        if given is not None:
            return None if given.value is None else (given.value, given.location)
        if entry.environment.provides(name) is not False:
            return None
    if not value.text or HOLE in value.text:
        return None
    return value.text, value.place
