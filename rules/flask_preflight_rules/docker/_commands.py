"""What the rules about RUN have in common."""

from __future__ import annotations

from flask_preflight.artifacts.dockerfile import Instruction
from flask_preflight.artifacts.shell import Command
from flask_preflight.lazy import expression

INSTALLERS = frozenset("apt-get apt apk yum dnf microdnf tdnf zypper".split())
_PIP = expression(r"pip(?:[23](?:\.\d+)?)?\Z")
_PYTHON = expression(r"python(?:[23](?:\.\d+)?)?\Z")


def is_shipped(instruction: Instruction) -> bool:
    """Whether it makes a layer of an image that is shipped."""
    return instruction.stage is not None and instruction.stage.shipped


def reaches_image(instruction: Instruction) -> bool:
    """As `is_shipped`, or the shipped image copies from its stage."""
    stage = instruction.stage
    return stage is not None and (stage.shipped or stage.feeds)


def pip_arguments(command: Command, *verbs: str) -> tuple[str, ...] | None:
    """What follows `pip install` (or another verb), `python -m pip` and `uv pip` included."""
    words = command.words
    if _PYTHON.match(command.program) and words[1:3] == ("-m", "pip"):
        words = words[2:]
    elif command.program == "uv" and words[1:2] == ("pip",):
        words = words[1:]
    elif not _PIP.match(command.program):
        return None
    verb = next((index for index, word in enumerate(words) if index and word in verbs), 0)
    return words[verb + 1 :] if verb else None
