"""The image is built on another one that has no version.

The same commit gives another image tomorrow: another Python, other system libraries, another user.
A build that fails cannot be repeated, and a rollback is no longer one.

Fix: name a version, and its digest where builds must be reproducible, `python:3.13-slim@sha256:…`.

Sources: CIS Docker Benchmark 4.2; CWE-1357; Docker, "Building best practices: pin base image
versions".

```dockerfile bad {1}
FROM python
```

```dockerfile bad {2}
ARG VERSION=latest
FROM python:${VERSION}
```

```dockerfile bad {1}
FROM localhost:5000/team/python
```

```dockerfile bad {1,3}
FROM node:latest AS assets
FROM python:3.13-slim
COPY --from=ghcr.io/astral-sh/uv:latest /uv /bin/
COPY --from=assets /dist /srv/static
RUN --mount=type=bind,from=assets,target=/x cp -r /x /srv
```

```dockerfile good
FROM python:3.13-slim AS Base
FROM base AS build
RUN --mount=from=build,target=/x true
FROM localhost:5000/python:3.13-slim
COPY --from=0 /x /y
COPY --from=BUILD /x /y
COPY --from=ghcr.io/astral-sh/uv:0.8.3 /uv /bin/
FROM python:latest@sha256:6a8e5b4dbd1a4a6b4b8fcb3ccd9b1eb5c2b1a2b43a8d7a2d7b4b7d7b1c0f1e2d
```

```dockerfile good
ARG VERSION
FROM python:${VERSION}
```

```dockerfile good
ARG IMAGE
FROM ${IMAGE}
```

```dockerfile good
FROM scratch
COPY --from=python:3.13-slim / /
```

```dockerfile good Dockerfile
FROM shared
COPY --from=assets /x /y
```

```yaml good compose.yaml
services:
  web:
    build:
      context: .
      additional_contexts: {shared: ../shared, assets: ../assets}
```

```dockerfile good
FROM node AS unused
FROM python:3.13-slim
```

```dockerfile good
FROM python:3.13-slim AS production
FROM production AS development
COPY --from=gloursdocker/docker / /
```
"""

import re
from collections.abc import Iterator

from flask_preflight.artifacts.dockerfile import Stage
from flask_preflight.artifacts.dockerfile_base import reference
from flask_preflight.result import Location
from flask_preflight.rule import Message, Result, Results, rule

FLOATS = Message("{0} is whatever its registry serves on the day of the build")


@rule(
    "DKR201",
    "unpinned-base-image",
    "warning",
    "container",
    "CWE-1357",
    "DL3006",
    "DL3007",
    "~DL3022",
    "CKV_DOCKER_7",
    "DS-0001",
    "DKL-DI-0006",
    "semgrep:missing-image-version",
    "semgrep:avoid-latest-version",
)
def check(stage: Stage) -> Results:
    for written, where in _references(stage):
        found = reference(written)
        if written in stage.dockerfile.contexts:
            continue
        if not found.digest and found.tag in ("", "latest"):
            yield Result(where, FLOATS(written))


def _references(stage: Stage) -> Iterator[tuple[str, Location]]:
    """The images from outside that a stage is made from."""
    if stage.base is None and stage.known and stage.image != "scratch":
        yield stage.image, stage.at()
    for instruction in stage.instructions:
        for flag in instruction.flags:
            given = re.search(r"(?:^|,)from=([^,]+)", flag.value) if flag.name == "mount" else None
            name = given[1] if given else flag.value if flag.name == "from" else ""
            if name and "$" not in name and stage.dockerfile.stage(name) is None:
                yield name, instruction.place_of(flag)
