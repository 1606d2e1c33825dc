"""The system's packages are installed without checking their signatures.

Whoever sits between the build and the mirror puts what they like into the image.

Fix: remove the option, and add the key of the repository.

Sources: apt-secure(8); apk(8), "--allow-untrusted"; CWE-347.

```dockerfile bad {2,3,4}
FROM python:3.13-slim
RUN apt-get install -y --allow-unauthenticated libpq5
RUN apk add --allow-untrusted curl
RUN dnf install -y --nogpgcheck libpq
```

```dockerfile bad {2}
FROM python:3.13-alpine
RUN apk add --allow-untrusted ./tool.apk
```

```dockerfile good
FROM python:3.13-slim
RUN apt-get update && apt-get install -y libpq5
RUN echo --allow-unauthenticated
```
"""

from flask_preflight.artifacts.dockerfile import Instruction
from flask_preflight.rule import Level, Message, Result, Results, rule

UNSIGNED = Message("{0} installs packages whose signatures nobody checks")
OPTIONS = {
    "apt-get": ("--allow-unauthenticated", "--force-yes"),
    "apt": ("--allow-unauthenticated", "--force-yes"),
    "apk": ("--allow-untrusted",),
    "yum": ("--nogpgcheck",),
    "dnf": ("--nogpgcheck",),
    "microdnf": ("--nogpgcheck",),
    "tdnf": ("--nogpgcheck",),
    "rpm": ("--nosignature", "--nodigest", "--nofiledigest"),
    "zypper": ("--no-gpg-checks",),
}


@rule(
    "DKR209",
    "unverified-packages",
    "error",
    "security",
    "CWE-347",
    "CKV2_DOCKER_7",
    "CKV2_DOCKER_8",
    "CKV2_DOCKER_9",
    "CKV2_DOCKER_10",
    "CKV2_DOCKER_11",
    development=True,
)
def check(instruction: Instruction) -> Results:
    for command in instruction.commands if instruction.name == "RUN" else ():
        given = OPTIONS.get(command.program, ())
        if any(command.has(option) for option in given):
            local = command.program == "apk" and any(w.endswith(".apk") for w in command.words)
            level: Level | None = "warning" if local else None
            yield Result(command.location, UNSIGNED(command.program), level=level)
