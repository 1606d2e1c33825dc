"""A variable of the build is empty where it is used.

An ARG before the first FROM is known to the FROM lines only; what the instruction installs, copies
or sets is then something else than its author thinks.

Fix: repeat `ARG NAME` in the stage.

Sources: Docker, "Dockerfile reference: ARG and FROM".

```dockerfile bad {3,4}
ARG VERSION=3.1.3
FROM python:3.13-slim
RUN pip install --no-cache-dir flask==$VERSION
ENV RELEASE=$RELEASE
```

```dockerfile good
ARG VERSION=3.1.3
ARG BASE=python:3.13-slim
FROM $BASE
ARG VERSION
ARG RELEASE
ENV RELEASE=$RELEASE PATH=/venv/bin:$PATH
RUN pip install --no-cache-dir flask==$VERSION && for BASE in a b; do echo "$BASE"; done
RUN echo '$BASE' "${BASE:-none}"
```
"""

import re

from flask_preflight.artifacts.dockerfile import Instruction, Stage
from flask_preflight.rule import Message, Result, Results, rule

EMPTY = Message("${0} is empty here: its ARG stands before FROM, and this stage does not repeat it")
ITSELF = Message("{0} is set to itself and stays empty: no ARG gives it a value", "itself")


@rule(
    "DKR003",
    "undefined-build-variable",
    "warning",
    "configuration",
    "buildkit:UndefinedVar",
    "SC2154",
)
def check(stage: Stage) -> Results:
    known = {pair.name for one in stage.all("ARG", "ENV") for pair in one.pairs}
    missing = [name for name in stage.dockerfile.arguments if name not in known]
    for instruction in stage.instructions:
        for name in missing:
            if instruction.name in ("RUN", "ENV", "WORKDIR", "USER") and _uses(instruction, name):
                yield Result(instruction.location, EMPTY(name))
    declared = {pair.name for one in stage.all("ARG") for pair in one.pairs}
    for instruction in stage.instructions if stage.facts.environment is not None else ():
        for pair in instruction.pairs if instruction.name == "ENV" else ():
            own = pair.written in (f"${pair.name}", f"${{{pair.name}}}")
            taken = stage.facts.environment or frozenset()
            if own and pair.name not in declared | taken and not pair.name.endswith("PATH"):
                yield Result(pair.location, ITSELF(pair.name))


def _uses(instruction: Instruction, name: str) -> bool:
    """Whether the plain variable stands in it, and nothing in it sets the variable."""
    text = re.sub(r"'[^'\n]*'", "", instruction.value)
    if not re.search(rf"\$(?:{name}\b|\{{{name}\}})", text):
        return False
    return not re.search(rf"\b{name}=|\bfor\s+{name}\b|\bread\s[^;&|]*\b{name}\b", text)
