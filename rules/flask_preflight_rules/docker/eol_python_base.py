"""The base image has a Python whose makers mend nothing any more.

Holes that are found in it from now on stay open.

Fix: move to a version that is maintained, `python:3.13-slim`.

Sources: Python Developer's Guide, "Status of Python versions"; CWE-1104.

```dockerfile bad {1}
FROM python:3.8-slim
COPY . .
```

```dockerfile bad {1}
FROM python:2
COPY . .
```

```dockerfile good
FROM python:3.9-slim AS build
RUN make
FROM python:3.13-slim
COPY . .
FROM example/python:3.8
```
"""

import re

from flask_preflight.artifacts.dockerfile import Stage
from flask_preflight.artifacts.dockerfile_base import reference
from flask_preflight.rule import Message, Result, Results, rule

OVER = Message("Python {0} gets no more repairs since {1}: holes found in it stay open")
ENDED = {
    (2, 7): "2020",
    (3, 5): "2020",
    (3, 6): "2021",
    (3, 7): "2023",
    (3, 8): "2024",
    (3, 9): "2025",
    (3, 10): "October 2026",
}
"""Versions whose support has ended by November 2026, by the Python Developer's Guide."""


@rule("DKR204", "eol-python-base", "warning", "security", "CWE-1104")
def check(stage: Stage) -> Results:
    found = reference(stage.image)
    if not stage.shipped or stage.base is not None or found.official != "python":
        return
    version = re.match(r"(\d)(?:\.(\d{1,2}))?(?:[.-]|\Z)", found.tag)
    if version is None:
        return
    minor = int(version[2]) if version[2] else 7 if version[1] == "2" else None
    ended = ENDED.get((int(version[1]), minor)) if minor is not None else None
    if ended is not None:
        yield Result(stage.at(), OVER(f"{version[1]}.{minor}", ended))
