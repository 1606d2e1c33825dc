"""The health check uses a program that is not in the image.

Every check fails, so the container never counts as healthy, and Swarm starts it again and again.

Fix: use Python, `python -c "import urllib.request; urllib.request.urlopen('http://…')"`, or install
the program.

Sources: Docker Official Images, "python".

```dockerfile bad {2}
FROM python:3.13-slim
HEALTHCHECK CMD curl -f http://localhost:8000/healthz
```

```dockerfile good
FROM python:3.13-slim
RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
HEALTHCHECK CMD curl -f http://localhost:8000/healthz
FROM python:3.13
HEALTHCHECK CMD curl -f http://localhost:8000/healthz
FROM python:3.13-alpine
HEALTHCHECK CMD wget -q http://localhost:8000/healthz
FROM example/base:1.0
HEALTHCHECK CMD curl -f http://localhost:8000/healthz
```
"""

from flask_preflight.artifacts.dockerfile import Stage
from flask_preflight.artifacts.dockerfile_tools import lacks
from flask_preflight.rule import Message, Result, Results, rule

MISSING = Message("{0} is not in {1}, so every check fails")


@rule("DKR414", "healthcheck-tool-missing", "error", "observability")
def check(stage: Stage) -> Results:
    last = stage.last("HEALTHCHECK")
    if last is None or last.kind != "CMD" or last.stage is not stage:
        return
    for command in last.commands:
        if lacks(stage.external or "", command.program, (stage,)):
            yield Result(command.location, MISSING(command.program, stage.external))
            return
