"""The container is stopped with a signal that no process can handle.

Every request that runs is cut off, and nothing is written to its end.

Fix: delete the instruction; Docker sends SIGTERM.

Sources: Docker, "Dockerfile reference: STOPSIGNAL"; Gunicorn, "Signal Handling".

```dockerfile bad {2}
FROM python:3.13-slim
STOPSIGNAL SIGKILL
```

```dockerfile fixed
FROM python:3.13-slim
STOPSIGNAL SIGTERM
```

```dockerfile good
FROM python:3.13-slim
STOPSIGNAL SIGTERM
STOPSIGNAL SIGINT
```
"""

from flask_preflight.artifacts.dockerfile import Instruction
from flask_preflight.rule import Fix, Message, Replacement, Result, Results, rule

CUT = Message("{0} cuts off every request that runs when the container stops")
KILLS = ("SIGKILL", "KILL", "9", "SIGSTOP", "STOP", "19")


@rule("DKR411", "stop-signal-kills", "warning", "wsgi")
def check(instruction: Instruction) -> Results:
    value = instruction.value.strip()
    if instruction.name == "STOPSIGNAL" and value.upper() in KILLS:
        where = instruction.place(0, len(value))
        edit = Replacement(where.path, where.region, "SIGTERM")
        fix = Fix("write SIGTERM", (edit,), safe=True)
        yield Result(instruction.location, CUT(value), fix=fix)
