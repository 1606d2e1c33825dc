"""The build runs a script that it fetches at that moment.

Whoever controls the address, or the way to it, runs code in the image; and when the download breaks
off, half of a script has run.

Fix: download to a file, compare its checksum, then run it; or install from a package.

Sources: Docker, "Building best practices"; CWE-494.

```dockerfile bad {2,3,4}
FROM python:3.13-slim
RUN curl -sSL https://install.example.org/install.sh | python3 -
RUN apt-get update && bash -c "$(wget -qO- https://install.example.org/go)"
RUN curl http://install.example.org/x | sudo sh
```

```dockerfile good
FROM python:3.13-slim
RUN curl -sSLo /tmp/install.sh https://install.example.org/install.sh \\
    && echo "abc /tmp/install.sh" | sha256sum -c && sh /tmp/install.sh
RUN curl -sSL https://install.example.org/x.tgz | tar xz
RUN curl -sSL https://install.example.org/key.asc | gpg --dearmor > /key.gpg
RUN curl https://install.example.org/version | python3 -c "import sys; print(sys.stdin.read())"
```
"""

from flask_preflight.artifacts.dockerfile import Instruction
from flask_preflight.artifacts.shell import Command, origin
from flask_preflight.rule import Level, Message, Result, Results, rule

RUNS = Message("the build runs whatever {0} serves at that moment")
FETCHERS = ("curl", "wget")
CHECKS = ("sha256sum", "sha512sum", "shasum", "gpg", "cosign", "minisign")
SHELLS = ("sh", "bash", "dash", "ash", "zsh", "ksh", "perl", "node")


@rule(
    "DKR206",
    "remote-script-piped-to-shell",
    "warning",
    "security",
    "CWE-494",
    development=True,
)
def check(instruction: Instruction) -> Results:
    commands = instruction.commands if instruction.name == "RUN" else []
    for index, command in enumerate(commands):
        if command.program in FETCHERS and _is_run(command, commands, index):
            source = origin(command.words)
            level: Level | None = "error" if source.plain else None
            yield Result(command.location, RUNS(source.host), level=level)


def _is_run(command: Command, commands: list[Command], index: int) -> bool:
    """Whether a shell reads what the command writes."""
    for following in commands[index + 1 :]:
        if following.operator != "|":
            break
        if following.program in CHECKS:
            return False
        if following.program in SHELLS or following.reads_script:
            return True
    before = commands[index - 1] if index else None
    # `sh -c "$(curl …)"` runs the text that it is given, and so does `eval`.
    outer = before is not None and before.program in (*SHELLS, "eval")
    return command.nested and outer and "$(" in (before.text if before is not None else "")
