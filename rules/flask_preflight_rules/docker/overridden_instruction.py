"""An instruction has no effect, because a later one of the same kind replaces it.

Whoever changes the first one wonders why the container still starts something else.

Fix: delete the one without effect.

Sources: Docker, "Dockerfile reference: CMD".

```dockerfile bad {2,4}
FROM python:3.13-slim
CMD ["flask", "run"]
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
HEALTHCHECK CMD true
HEALTHCHECK CMD curl -f http://localhost:8000/healthz
```

```dockerfile good
FROM python:3.13-slim AS base
CMD ["flask", "run"]
FROM base
ENTRYPOINT ["/entry.sh"]
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```
"""

from flask_preflight.artifacts.dockerfile import Instruction, Stage
from flask_preflight.rule import Message, Result, Results, rule

DEAD = Message("this {0} has no effect: the one in line {1} replaces it")


@rule(
    "DKR002",
    "overridden-instruction",
    "warning",
    "container",
    "DL4003",
    "DL4004",
    "DL3012",
    "DS-0016",
    "DS-0007",
    "DS-0023",
    "buildkit:MultipleInstructionsDisallowed",
)
def check(stage: Stage) -> Results:
    last: dict[str, Instruction] = {}
    for instruction in stage.instructions:
        if instruction.name in ("CMD", "ENTRYPOINT", "HEALTHCHECK"):
            dead = last.get(instruction.name)
            if dead is not None:
                later = instruction.location.saying("replaces it")
                yield Result(dead.location, DEAD(dead.name, instruction.line), (later,))
            last[instruction.name] = instruction
