"""The build gives a value to an argument that does not exist.

Docker ignores it, so the image is built with the default: another version, another environment.

Fix: write the name as in the Dockerfile, or declare it there with `ARG`.

Sources: Docker, "Dockerfile reference: ARG".

```dockerfile bad Dockerfile
ARG VERSION=1
FROM python:3.13-slim
```

```yaml bad compose.yaml {5}
services:
  web:
    build:
      context: .
      args: {VERSON: "2"}
```

```dockerfile good Dockerfile
ARG VERSION=1
FROM python:3.13-slim
ARG COLOR
```

```yaml good compose.yaml
services:
  web:
    build:
      context: .
      args: {VERSION: "2", COLOR: red, HTTP_PROXY: "http://proxy", BUILDKIT_INLINE_CACHE: "1"}
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.artifacts.dockerfile import Dockerfile
from flask_preflight.facts import Deployment
from flask_preflight.rule import Message, Result, Results, rule

IGNORED = Message("{0} declares no ARG {1}, so the value that {2} gives has no effect")


@rule("DEP061", "build-argument-unknown", "warning", "container", sees="relation")
def check(deployment: Deployment) -> Results:
    files = {one.path: one for one in deployment[Dockerfile]}
    for service in deployment[Service]:
        build = service.build
        dockerfile = files.get(build.dockerfile or "") if build is not None else None
        if service.role != "production" or build is None or dockerfile is None:
            continue
        if dockerfile.custom:
            continue
        declared = {
            pair.name for one in dockerfile.instructions if one.name == "ARG" for pair in one.pairs
        }
        for name in build.arguments:
            if (
                name not in declared
                and not name.startswith("BUILDKIT_")
                and "PROXY" not in name.upper()
            ):
                where = service.at("build", "args")
                yield Result(where, IGNORED(dockerfile.path, name, service.name))
