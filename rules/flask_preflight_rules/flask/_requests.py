"""Views that use what a client sent."""

from collections.abc import Iterator

from flask_preflight.artifacts.python import Call, Module


def unchecked(module: Module, *names: str, arguments: tuple[str, ...] = ("0",)) -> Iterator[Call]:
    """Calls whose argument holds what a client sent, with no check in their function."""
    for call in module.calls(*names):
        if call.guard.where == "function" and call.guard.counts and call.from_request(*arguments):
            yield call
