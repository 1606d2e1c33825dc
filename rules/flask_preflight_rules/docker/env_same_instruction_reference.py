"""A value of ENV refers to a variable that the same ENV defines, so it gets nothing of it.

Docker replaces variables with what they were before the whole instruction: a path built so is cut
short, or begins at the root.

Fix: split the ENV in two.

Sources: Docker, "Dockerfile reference: Environment replacement".

```dockerfile bad Dockerfile {2}
FROM python:3.13-slim
ENV APP_HOME=/srv/shop PYTHONPATH=$APP_HOME/lib
CMD ["gunicorn", "app:app"]
```

```dockerfile good Dockerfile
FROM python:3.13-slim
ARG BASE=/srv
ENV APP_HOME=/srv/shop
ENV APP_HOME=/srv/other PYTHONPATH=$APP_HOME/lib
ENV PATH=/srv/bin:$PATH BASE=$BASE/shop LITERAL='$APP'
CMD ["gunicorn", "app:app"]
```
"""

import re

from flask_preflight.artifacts.dockerfile import Instruction, Stage
from flask_preflight.artifacts.dockerfile_words import Pair
from flask_preflight.rule import Message, Result, Results, rule

EMPTY = Message("${0} is empty in the value of {1}: the same ENV sets it only afterwards")


@rule(
    "DKR004",
    "env-same-instruction-reference",
    "warning",
    "configuration",
    "DL3044",
    enabled=False,
)
def check(stage: Stage) -> Results:
    known = {pair.name for base in stage.chain[:-1] for pair in _pairs(base.instructions)}
    known |= stage.facts.environment or frozenset()
    for instruction in stage.instructions:
        if instruction.name == "ENV":
            yield from _judge(instruction, known)
        known.update(pair.name for pair in _pairs([instruction]))


def _judge(instruction: Instruction, known: set[str]) -> Results:
    own = {pair.name for pair in instruction.pairs} - known
    for pair in instruction.pairs:
        text = re.sub(r"'[^']*'", "", pair.written or "")
        for name in re.findall(r"(?<!\\)\$(?:\{(\w+)\}|(\w+))", text):
            used = name[0] or name[1]
            if used in own and used != pair.name:
                yield Result(pair.location, EMPTY(used, pair.name))


def _pairs(instructions: list[Instruction]) -> list[Pair]:
    return [pair for one in instructions if one.name in ("ENV", "ARG") for pair in one.pairs]
