"""The build is to stop at a stage that the Dockerfile does not have.

The build fails, so there is no new image.

Fix: write the name of a stage.

Sources: Docker, "Multi-stage builds: Stop at a specific build stage".

```dockerfile bad Dockerfile
FROM python:3.13-slim AS builder
FROM python:3.13-slim AS production
```

```yaml bad compose.yaml {5}
services:
  web:
    build:
      context: .
      target: prod
```

```dockerfile good Dockerfile
FROM python:3.13-slim AS builder
FROM python:3.13-slim AS production
```

```yaml good compose.yaml
services:
  web:
    build:
      context: .
      target: Production
  other:
    build:
      context: .
      target: ${TARGET}
  first:
    build:
      context: .
      target: "0"
```
"""

from flask_preflight.artifacts.dockerfile import Dockerfile
from flask_preflight.facts import Build, Deployment
from flask_preflight.rule import Message, Result, Results, rule

NONE = Message("{0} has no stage {1}, so the build fails")


@rule("DEP060", "target-stage-missing", "error", "container", sees="relation")
def check(deployment: Deployment) -> Results:
    files = {one.path: one for one in deployment[Dockerfile]}
    for build in deployment[Build]:
        dockerfile = files.get(build.dockerfile or "")
        judged = build.role in ("production", "development") and build.target
        if dockerfile is not None and judged and dockerfile.stage(build.target or "") is None:
            yield Result(build.location, NONE(dockerfile.path, build.target))
