"""EXPOSE names something that is no port.

The build fails, or the port is not the one that was meant.

Fix: the port of the container alone, `EXPOSE 8000`; the machine's port is chosen by who runs it.

Sources: Docker, "Dockerfile reference: EXPOSE".

```dockerfile bad {2,3,4}
FROM python:3.13-slim
EXPOSE 8000:8000
EXPOSE 80000
EXPOSE 8000/http
```

```dockerfile good
FROM python:3.13-slim
ARG PORT=8000
EXPOSE $PORT 8001/tcp 9000-9010/udp $OTHER
```
"""

import re

from flask_preflight.artifacts.dockerfile import Instruction
from flask_preflight.rule import Message, Result, Results, rule

NONE = Message("{0} is no port of a container")


@rule(
    "DKR006",
    "expose-invalid",
    "error",
    "container",
    "DL3011",
    "DS-0008",
    "buildkit:ExposeInvalidFormat",
)
def check(instruction: Instruction) -> Results:
    for word in instruction.words if instruction.name == "EXPOSE" else ():
        if word.value and not _is_port(word.value):
            yield Result(word.location, NONE(word.value))


def _is_port(text: str) -> bool:
    found = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?(?:/(?i:tcp|udp|sctp))?", text)
    if found is None:
        return False
    first, last = int(found[1]), int(found[2] or found[1])
    return 0 < first <= last < 65536
