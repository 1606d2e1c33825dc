"""A switch of Python is off, although it looks as if it were on.

Python takes 0 for off and any other text for on.

Fix: `ENV PYTHONUNBUFFERED=1`, or delete the line.

Sources: Python, "Command line and environment".

```dockerfile bad {2}
FROM python:3.13-slim
ENV PYTHONUNBUFFERED=0
```

```dockerfile fixed
FROM python:3.13-slim
ENV PYTHONUNBUFFERED=1
```

```dockerfile good
FROM python:3.13-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=true PYTHONHASHSEED=0
```
"""

from flask_preflight.artifacts.dockerfile import Instruction
from flask_preflight.rule import Fix, Message, Replacement, Result, Results, rule

OFF = Message("{0}=0 switches it off, as if it were not there")


@rule("DKR502", "python-flag-set-to-zero", "warning", "observability")
def check(instruction: Instruction) -> Results:
    for pair in instruction.pairs if instruction.name == "ENV" else ():
        if pair.name in ("PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE") and pair.value == "0":
            where = pair.value_location
            fix = Fix("write 1", (Replacement(where.path, where.region, "1"),), safe=True)
            yield Result(pair.location, OFF(pair.name), fix=fix)
