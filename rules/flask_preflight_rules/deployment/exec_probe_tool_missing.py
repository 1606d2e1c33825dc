"""A probe runs a program that the image does not contain.

Every probe fails: the container is never ready, or it is restarted for ever.

Fix: ask over the network (`httpGet`), or install the program in the image.

Sources: Kubernetes, "Configure Liveness, Readiness and Startup Probes".

```dockerfile bad Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
```

```yaml bad compose.yaml {5}
services:
  web:
    build: .
    healthcheck:
      test: ["CMD", "curl", "-f", "http://localhost:8000/"]
  shop: {build: shop, image: shop}
```

```dockerfile bad shop/Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
```

```yaml bad shop/k8s.yaml {11}
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  template:
    spec:
      containers:
        - name: shop
          image: shop
          readinessProbe:
            exec: {command: [sh, -c, "curl -f localhost:8000/"]}
```

```dockerfile good Dockerfile
FROM python:3.13-slim AS base
RUN apt-get update && apt-get install --yes curl && rm -rf /var/lib/apt/lists/*
FROM base
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
```

```yaml good compose.yaml
services:
  web:
    build: .
    healthcheck:
      test: ["CMD", "curl", "-f", "http://localhost:8000/"]
```
"""

from collections.abc import Iterator

from flask_preflight.artifacts.compose import Service
from flask_preflight.artifacts.dockerfile_tools import lacks
from flask_preflight.artifacts.kubernetes import Container
from flask_preflight.facts import Entry
from flask_preflight.result import Location
from flask_preflight.rule import Message, Result, Results, rule

LACKS = Message("{0} runs {1} as a probe, and {2} does not contain it")
PROBES = ("readinessProbe", "livenessProbe", "startupProbe")


@rule(
    "DEP010",
    "exec-probe-tool-missing",
    "error",
    "orchestration",
    "~DKR414",
    sees="relation",
)
def check(entry: Entry) -> Results:
    if entry.image is None:
        return
    external = entry.image.stage.external or ""
    mounted = {mount.path.rpartition("/")[2] for mount in entry.mounts}
    for words, where in _probes(entry):
        tool = _program(words)
        if tool not in mounted and lacks(external, tool, entry.image.stages):
            related = (entry.image.stage.root.at().saying("the image it is made from"),)
            yield Result(where, LACKS(entry.title, tool, external), related)


def _probes(entry: Entry) -> Iterator[tuple[tuple[str, ...], Location]]:
    part = entry.part
    if isinstance(part, Service):
        test = part.spec.dig("healthcheck", "test")
        where = part.spec.value_at("healthcheck", "test")
        if isinstance(test, str):
            yield ("sh", "-c", test), where
        elif isinstance(test, list) and test and test[0] in ("CMD", "CMD-SHELL"):
            words = tuple(str(word) for word in test[1:])
            yield (words if test[0] == "CMD" else ("sh", "-c", *words)), where
    elif isinstance(part, Container):
        for probe in PROBES:
            command = part.spec.dig(probe, "exec", "command")
            if isinstance(command, list):
                where = part.spec.value_at(probe, "exec", "command")
                yield tuple(str(word) for word in command), where


def _program(words: tuple[str, ...]) -> str:
    """The program that is run first, within a shell too; a path only where it is a usual one."""
    if len(words) > 2 and words[0] in ("sh", "/bin/sh", "bash", "/bin/bash") and words[1] == "-c":
        words = tuple(words[2].split()[:1])
    first = words[0] if words else ""
    return first.removeprefix("/usr/bin/").removeprefix("/bin/")
