"""The Dockerfile is written in a form that Docker only keeps for old files.

`MAINTAINER` is deprecated, and `ENV name value` takes all that follows for one value.

Fix: `LABEL org.opencontainers.image.authors=…`; an equals sign between name and value.

Sources: Docker, "Build checks: MaintainerDeprecated, LegacyKeyValueFormat".

```dockerfile bad Dockerfile {2,3}
FROM python:3.13-slim
MAINTAINER shop@example.org
ENV APP_HOME /srv/shop
CMD ["gunicorn", "app:app"]
```

```dockerfile good Dockerfile
FROM python:3.13-slim
LABEL org.opencontainers.image.authors="shop@example.org"
ENV APP_HOME=/srv/shop
CMD ["gunicorn", "app:app"]
```
"""

from flask_preflight.artifacts.dockerfile import Dockerfile
from flask_preflight.lazy import expression
from flask_preflight.rule import Message, Result, Results, rule, several

SPACE = expression(r"[^\s=\"']+\s")
DEPRECATED = Message("MAINTAINER is deprecated: a LABEL says who is responsible", "maintainer")
SPACED = Message("without an equals sign the rest of the line is the value: {0}", "spaced")


@rule(
    "DKR010",
    "legacy-syntax",
    "note",
    "container",
    "DL4000",
    "DS-0022",
    "buildkit:MaintainerDeprecated",
    "buildkit:LegacyKeyValueFormat",
    enabled=False,
)
def check(dockerfile: Dockerfile) -> Results:
    spaced = []
    for instruction in dockerfile.instructions:
        if instruction.name == "MAINTAINER":
            yield Result(instruction.location, DEPRECATED())
        elif instruction.name in ("ENV", "LABEL") and SPACE.match(instruction.value):
            spaced.append(instruction)
    if spaced:
        names = several(one.value.split(maxsplit=1)[0] for one in spaced)
        first, *others = (one.location for one in spaced)
        yield Result(first, SPACED(names), tuple(others))
