"""What a Python file does with the state of its process: names of the module, and logging."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask_preflight.artifacts.python import Module
from flask_preflight.artifacts.source import (
    Constant,
    Enqueue,
    GlobalWrite,
    Guard,
    LogUse,
    Value,
)
from flask_preflight.result import Location

_CHANGES = (
    "append add update pop clear extend insert remove setdefault discard popitem appendleft"
).split()
_CONTAINERS = frozenset(
    "dict list set collections.defaultdict collections.OrderedDict collections.Counter "
    "collections.deque".split()
)
_SETUP = (
    "basicConfig dictConfig fileConfig setLevel addHandler setup_logging init_logging "
    "configure_logging LoggingInstrumentor CloudWatchLogHandler logstash_formatter".split()
)
_LOGGERS = ("logger", "log", "logging", "_logger", "_log", "LOG", "LOGGER")


def global_writes(
    module: Module, declared: Iterable[tuple[str, Guard, Location]]
) -> Iterator[GlobalWrite]:
    """The first change of each name of the module that a function makes."""
    bound = {
        one.name: one.value
        for one in module.collected
        if isinstance(one, Constant) and not one.guard.scope
    }
    found: dict[str, GlobalWrite] = {}
    for name, guard, where in (*_changed(module, bound), *declared):
        value = bound.get(name)
        if value is None or guard.where != "function" or name.endswith("_lock"):
            continue
        write = GlobalWrite(module.path, name, guard, where)
        known = found.get(name)
        if known is None or where < known.location:
            found[name] = write
    yield from found.values()


def _changed(module: Module, bound: dict[str, Value]) -> Iterator[tuple[str, Guard, Location]]:
    """Changes of containers that are bound in the module."""
    for call in module.calls(*_CHANGES):
        owner = call.name.rpartition(".")[0]
        if owner in bound and _is_container(bound[owner]) and not call.is_local:
            yield owner, call.guard, call.location
    for one in module.filled:
        if one.name in bound and _is_container(bound[one.name]) and not one.is_local:
            yield one.name, one.guard, one.location


def _is_container(value: Value) -> bool:
    if value.kind == "mapping" or value.kind == "call" and value.reference in _CONTAINERS:
        return True
    return value.kind in ("literal", "unknown") and isinstance(value.literal, tuple)


def enqueues(module: Module) -> Iterator[Enqueue]:
    """The first job for a worker that a file queues outside of its own tasks."""
    for call in module.calls("delay", "apply_async"):
        name = call.name.rpartition(".")[0]
        if name and call.guard.use not in ("task", "cli") and not name.endswith("()"):
            yield Enqueue(module.path, "celery", call.guard, call.location)
            return
    for call in module.calls("enqueue"):
        if "queue" in call.name.rpartition(".")[0].lower() and call.guard.use not in (
            "task",
            "cli",
        ):
            yield Enqueue(module.path, "rq", call.guard, call.location)
            return


def log_uses(module: Module) -> Iterator[LogUse]:
    """At most one of each sort; decorators that are not called leave theirs in the reader."""
    for call in module.calls("after_request", "after_app_request"):
        yield LogUse(module.path, "request", call.location)
        break
    for call in module.calls("info"):
        owner = call.name.rpartition(".")[0].removesuffix("()")
        if owner.rpartition(".")[2] in _LOGGERS or owner == "logging.getLogger":
            yield LogUse(module.path, "info", call.location)
            break
    for call in module.calls(*_SETUP):
        yield LogUse(module.path, "setup", call.location)
        return
    for assigned in module.assigned("handlers", "level"):
        yield LogUse(module.path, "setup", assigned.location)
        return
    for target in module.imports.values():
        if target.partition(".")[0] in ("structlog", "loguru", "logbook", "watchtower", "eliot"):
            yield LogUse(module.path, "setup", Location(module.path))
            return
