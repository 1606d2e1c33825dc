"""A step of the build goes on after a command that failed, so a broken image is shipped.

A shell without `set -e` runs the next line whatever became of the one before; only the last command
decides about the build.

Fix: `set -e` as the first line, or `&&` between the commands.

Sources: Docker, "Dockerfile reference: Here-Documents".

```dockerfile bad Dockerfile {3,7}
FROM python:3.13-slim
RUN <<EOF
apt-get update
apt-get install -y --no-install-recommends libpq5
rm -rf /var/lib/apt/lists/*
EOF
RUN pip install -r requirements.txt; rm -rf /root/.cache
CMD ["gunicorn", "app:app"]
```

```dockerfile good Dockerfile
FROM python:3.13-slim
RUN <<EOF
set -e
apt-get update
apt-get install -y --no-install-recommends libpq5
EOF
RUN set -eux; apt-get update; apt-get install -y libpq5
RUN apt-get update && apt-get install -y libpq5 && rm -rf /tmp/x
RUN pip install -r requirements.txt
CMD ["gunicorn", "app:app"]
```
"""

from itertools import pairwise

from flask_preflight.artifacts.dockerfile import Instruction
from flask_preflight.artifacts.shell import Command
from flask_preflight.lazy import expression
from flask_preflight.rule import Level, Message, Result, Results, rule
from flask_preflight_rules.docker._commands import is_shipped, reaches_image

IGNORED = Message("when {0} fails, the build goes on and ships the image without what it was for")
FAILING = frozenset(
    "apt-get apt apk yum dnf microdnf pip pip3 uv poetry pipenv npm yarn pnpm curl wget git make "
    "cmake tar unzip gpg dpkg python python3".split()
)
_SETS = expression(r"\bset\s+-\w*e|\bset\s+-o\s+errexit|^#!.*\s-\w*e|\bsh\s+-\w*e")
_DECIDES = expression(r"\b(?:if|while|until|for|case|trap)\b|\|\||\{\s|\(\s")


@rule("DKR606", "heredoc-without-errexit", "warning", "container")
def check(instruction: Instruction) -> Results:
    if instruction.name != "RUN" or instruction.exec is not None or not reaches_image(instruction):
        return
    shell = instruction.stage.last("SHELL") if instruction.stage is not None else None
    text = "\n".join((instruction.value, *(one.text for one in instruction.heredocs)))
    if _SETS.search(text) or _DECIDES.search(text) or shell is not None:
        return
    commands = [one for one in instruction.commands if not one.nested]
    for command, following in pairwise(commands):
        if _may_fail(command, commands) and following.operator == ";":
            level: Level | None = None if is_shipped(instruction) else "note"
            yield Result(command.location, IGNORED(command.program), level=level)
            return


def _may_fail(command: Command, commands: list[Command]) -> bool:
    """Whether what it does is what the step is for; a list of checks may go wrong one by one."""
    return command.program in FAILING and not command.piped_into and command.operator != "|"
