"""What the images of Python do not contain."""

from __future__ import annotations

from collections.abc import Iterable

from flask_preflight.artifacts.dockerfile import Instruction, Stage
from flask_preflight.artifacts.dockerfile_base import reference

_SLIM = frozenset(("curl", "wget", "nc", "ps", "jq", "netcat", "pg_isready", "redis-cli"))
_ALPINE = frozenset(("curl", "jq", "bash", "pg_isready", "redis-cli"))


def lacks(external: str, tool: str, stages: Iterable[Stage]) -> bool:
    """Whether a program is neither in an official image of Python nor brought by a stage."""
    found = reference(external)
    if found.official != "python":
        return False
    lacking = _SLIM if "slim" in found.tag else _ALPINE if "alpine" in found.tag else frozenset()
    brought = (one for stage in stages for one in stage.all("RUN", "COPY", "ADD"))
    return tool in lacking and not any(_brings(one, tool) for one in brought)


def _brings(instruction: Instruction, tool: str) -> bool:
    text = instruction.value + "".join(one.text for one in instruction.heredocs)
    package = {"pg_isready": "postgres", "redis-cli": "redis"}.get(tool, tool)
    return package in text
