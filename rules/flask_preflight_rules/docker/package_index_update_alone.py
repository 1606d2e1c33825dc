"""The list of packages is fetched in a layer of its own.

Docker keeps the layer, so later builds install from an old list: packages with known holes, or
none at all because the mirror has dropped them.

Fix: `RUN apt-get update && apt-get install -y … && rm -rf /var/lib/apt/lists/*` in one instruction.

Sources: Docker, "Building best practices: apt-get".

```dockerfile bad {2,4}
FROM python:3.13-slim
RUN apt-get update
RUN apt-get install -y libpq5
RUN apk update
```

```dockerfile good
FROM python:3.13-slim
RUN apt-get update && apt-get install -y libpq5
RUN apt-get update && apt-get upgrade -y
RUN dnf -y update
RUN --mount=type=cache,target=/var/lib/apt apt-get update
```
"""

from flask_preflight.artifacts.dockerfile import Instruction
from flask_preflight.artifacts.shell import Command
from flask_preflight.rule import Message, Result, Results, rule

OLD = Message("the list of packages is kept with this layer, and later builds install from it")
FAMILIES = {"apt-get": "apt", "apt": "apt", "aptitude": "apt", "apk": "apk"}
USES = frozenset("install upgrade dist-upgrade full-upgrade build-dep source add".split())


@rule("DKR601", "package-index-update-alone", "warning", "security", "CKV_DOCKER_5", "DS-0017")
def check(instruction: Instruction) -> Results:
    if instruction.name != "RUN" or any("/var/lib/apt" in f.value for f in instruction.flags):
        return
    for index, command in enumerate(instruction.commands):
        family = FAMILIES.get(command.program)
        if family is None or "update" not in command.words:
            continue
        if not any(_uses(one, family) for one in instruction.commands[index + 1 :]):
            yield Result(command.location, OLD())
            return


def _uses(command: Command, family: str) -> bool:
    return FAMILIES.get(command.program) == family and not USES.isdisjoint(command.words)
