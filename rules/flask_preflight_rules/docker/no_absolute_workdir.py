"""Files go wherever the base image happens to work.

With no absolute WORKDIR they land in `/`, among the system's own, or elsewhere after an update of
the base image.

Fix: `WORKDIR /app` before the first copy.

Sources: Docker, "Building best practices: WORKDIR".

```dockerfile bad {2}
FROM python:3.13-slim
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
```

```dockerfile bad {2}
FROM python:3.13-slim
WORKDIR app
COPY . .
```

```dockerfile good
FROM python:3.13-slim AS base
WORKDIR /app
FROM base
WORKDIR src
COPY . .
FROM example/base:1.2.3
COPY . .
FROM python:3.13-slim
COPY . /app
```
"""

from flask_preflight.artifacts.dockerfile import Instruction, Stage
from flask_preflight.artifacts.dockerfile_base import reference
from flask_preflight.rule import Message, Result, Results, rule

RELATIVE = Message("WORKDIR {0} is relative to whatever the base image works in", "relative")
ROOT = Message("without a WORKDIR this goes to /, among the files of the system", "root")


@rule(
    "DKR007",
    "no-absolute-workdir",
    "warning",
    "container",
    "DL3000",
    "DL3045",
    "CKV_DOCKER_10",
    "DS-0009",
    "buildkit:WorkdirRelativePath",
)
def check(stage: Stage) -> Results:
    before = [one for part in stage.chain[:-1] for one in part.instructions]
    if not stage.shipped or any(one.name == "WORKDIR" for one in before):
        return
    for instruction in stage.instructions:
        if instruction.name == "WORKDIR":
            value = instruction.words[0].value if instruction.words else None
            if value and value[0] not in "/$\\" and value[1:2] != ":":
                yield Result(instruction.location, RELATIVE(value))
            return
        if _is_relative(instruction) and reference(stage.external or "").official:
            yield Result(instruction.location, ROOT())
            return


def _is_relative(instruction: Instruction) -> bool:
    if instruction.name not in ("COPY", "ADD") or len(instruction.words) < 2:
        return False
    target = instruction.words[-1].value
    return bool(target) and str(target)[0] not in "/$\\"
