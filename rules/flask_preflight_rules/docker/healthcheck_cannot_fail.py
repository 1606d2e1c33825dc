"""The health check says that all is well, whatever happens.

`curl` alone ends well with an error page, and `|| true` after anything: a container that is broken
stays in service.

Fix: `curl -f …`, and `|| exit 1` at most.

Sources: Docker, "Dockerfile reference: HEALTHCHECK"; curl(1), "--fail".

```dockerfile bad {2}
FROM python:3.13
HEALTHCHECK CMD curl -s http://localhost:8000/healthz
```

```dockerfile bad {2}
FROM python:3.13
HEALTHCHECK CMD curl -f http://localhost:8000/healthz || exit 0
```

```dockerfile good
FROM python:3.13
HEALTHCHECK CMD curl -fsS http://localhost:8000/healthz || exit 1
HEALTHCHECK CMD curl --fail-with-body http://localhost:8000/healthz
HEALTHCHECK CMD curl -s http://localhost:8000/healthz | grep -q ok
HEALTHCHECK CMD test "$(curl -s -o /dev/null -w '%{http_code}' http://localhost:8000/)" = 200
HEALTHCHECK CMD wget -q http://localhost:8000/healthz
HEALTHCHECK NONE
```
"""

from flask_preflight.artifacts.dockerfile import Instruction
from flask_preflight.artifacts.shell import Command
from flask_preflight.lazy import expression
from flask_preflight.rule import Message, Result, Results, rule

ERROR_PAGE = Message("curl without --fail ends well with an error page too", "page")
ALWAYS = Message("the check ends well whatever happens", "always")
WELL = expression(r"(?:\|\||;)\s*(?:true|:|exit\s+0)\s*\Z|\A\s*(?:true|:|exit\s+0)\s*\Z")


@rule("DKR413", "healthcheck-cannot-fail", "warning", "observability")
def check(instruction: Instruction) -> Results:
    if instruction.name != "HEALTHCHECK" or instruction.kind != "CMD":
        return
    if WELL.search(instruction.value):
        yield Result(instruction.location, ALWAYS())
        return
    for command in instruction.commands:
        if command.program == "curl" and not _fails(command) and not command.nested:
            yield Result(command.location, ERROR_PAGE())
            return


def _fails(command: Command) -> bool:
    """Whether something looks at the answer."""
    told = command.has("-f", "--fail", "--fail-with-body", "-w", "--write-out")
    return told or bool(command.piped_into) or "telnet://" in command.text
