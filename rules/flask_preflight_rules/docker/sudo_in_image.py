"""The image uses sudo.

While it is built, RUN is root already; in the container sudo is a way back to root for whoever gets
in.

Fix: drop the word; switch users with `USER`, and start as one user only.

Sources: Docker, "Building best practices: USER"; CWE-250.

```dockerfile bad {2,3,4}
FROM python:3.13-slim
RUN sudo apt-get update
RUN apt-get update && apt-get install -y sudo curl
RUN echo "app ALL=(ALL) NOPASSWD:ALL" >> /etc/sudoers
```

```dockerfile good
FROM python:3.13-slim AS build
RUN apt-get update && apt-get install -y sudo
FROM python:3.13-slim
RUN echo "use sudo" > /README && apt-get update && apt-get install -y gosu
```
"""

from flask_preflight.artifacts.dockerfile import Instruction
from flask_preflight.artifacts.shell import Command
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.docker._commands import INSTALLERS, is_shipped

USED = Message("sudo has no use here: RUN is root until USER says otherwise", "used")
WAY = Message("sudo in the image is a way back to root for whoever gets in", "way")
FREE = Message("whoever gets in becomes root without a password", "free")


@rule(
    "DKR105",
    "sudo-in-image",
    "warning",
    "security",
    "CWE-250",
    "DL3004",
    "CKV2_DOCKER_1",
    "DS-0010",
    "DKL-DI-0001",
    "semgrep:no-sudo-in-dockerfile",
    development=True,
)
def check(instruction: Instruction) -> Results:
    if instruction.name != "RUN":
        return
    if "NOPASSWD" in instruction.value and "sudoers" in instruction.value:
        yield Result(instruction.location, FREE(), level="error")
        return
    for command in instruction.commands:
        if "sudo" in command.wrappers:
            yield Result(command.location, USED())
            return
        if _installs(command) and is_shipped(instruction):
            yield Result(command.location, WAY())
            return


def _installs(command: Command) -> bool:
    return command.program in INSTALLERS and "sudo" in command.words[1:]
