"""The tag of the Python image names no minor version.

On some day a rebuild gets the next Python: modules of the standard library are gone, wheels for it
do not exist yet, and the change is in no commit.

Fix: name the minor version, `python:3.13-slim`, and let a bot propose the next one.

Sources: Docker Hub, "python: supported tags"; CIS Docker Benchmark 4.2.

```dockerfile bad {1}
FROM python:3-slim
```

```dockerfile bad {1}
FROM python:slim
```

```dockerfile bad {1,2}
FROM python:3 AS build
FROM mirror.example.com/library/python:alpine
COPY --from=build /x /y
```

```dockerfile good
FROM python:3.13 AS build
FROM python:3.13-slim-bookworm
COPY --from=build /x /y
```

```dockerfile good
ARG PYTHON_VERSION=3.13
FROM python:${PYTHON_VERSION}-slim
```

```dockerfile good
ARG PYTHON_VERSION
FROM python:${PYTHON_VERSION}
```

```dockerfile good
FROM python:3@sha256:6a8e5b4dbd1a4a6b4b8fcb3ccd9b1eb5c2b1a2b43a8d7a2d7b4b7d7b1c0f1e2d
```

```dockerfile good
FROM python:latest
```

```dockerfile good
FROM python:2-alpine
```

```dockerfile good
FROM tiangolo/meinheld-gunicorn-flask:python3.9
```
"""

import re

from flask_preflight.artifacts.dockerfile import Stage
from flask_preflight.artifacts.dockerfile_base import reference
from flask_preflight.rule import Message, Result, Results, rule

JUMPS = Message("{0} becomes the next Python with some later build")


@rule("DKR202", "floating-python-tag", "note", "container", "~CWE-1357")
def check(stage: Stage) -> Results:
    if stage.base is not None or not stage.known:
        return
    found = reference(stage.image)
    if found.name not in ("python", "pypy") or found.digest or found.tag in ("", "latest"):
        return
    if not re.search(r"\d+\.\d+", found.tag) and not re.match(r"2(?:-|\Z)", found.tag):
        yield Result(stage.at(), JUMPS(stage.image))
