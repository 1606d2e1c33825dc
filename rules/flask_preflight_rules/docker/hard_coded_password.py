"""The password of a user of the container is in the Dockerfile.

It is the same in every container, and everybody who can pull the image reads it.

Fix: create users without a password, `useradd --system app`; nobody has to log in.

Sources: Docker, "Build secrets"; CWE-259.

```dockerfile bad {2,3,4}
FROM python:3.13-slim
RUN echo "app:@@SECRET:password@@" | chpasswd
RUN useradd -p '@@SECRET:password@@' app
RUN useradd bob && echo "@@SECRET:password@@" | passwd --stdin bob
```

```dockerfile good
FROM python:3.13-slim
ARG PASSWORD
RUN echo "app:$PASSWORD" | chpasswd
RUN useradd -p '!' app && useradd --system bob && passwd -l bob
RUN --mount=type=secret,id=pw chpasswd < /run/secrets/pw
```
"""

from flask_preflight.artifacts.dockerfile import Instruction
from flask_preflight.artifacts.shell import Command
from flask_preflight.rule import Message, Result, Results, rule

KNOWN = Message("everybody who can pull the image reads this password ({0})")
READERS = ("chpasswd", "passwd", "mkpasswd")


@rule(
    "DKR107",
    "hard-coded-password",
    "error",
    "security",
    "CWE-259",
    "CKV2_DOCKER_17",
    "DKL-LI-0001",
    development=True,
)
def check(instruction: Instruction) -> Results:
    for command in instruction.commands if instruction.name == "RUN" else ():
        if _pipes_literal(command):
            reader = next(one for one in command.piped_into if one in READERS)
            yield Result(command.location, KNOWN(reader))
        elif command.program in ("useradd", "usermod", "adduser"):
            given = command.value("-p", "--password")
            if given and given[0] not in "!*$" and "$(" not in given:
                yield Result(command.location, KNOWN(command.program))


def _pipes_literal(command: Command) -> bool:
    if command.program not in ("echo", "printf") or command.dynamic:
        return False
    return any(program in READERS for program in command.piped_into)
