"""The build is to use a Dockerfile or a folder that does not exist.

It fails, so there is no new image.

Fix: correct the path; it counts from the file that names it.

Sources: Docker, "Compose Build Specification".

```yaml bad compose.yaml {5,8}
services:
  web:
    build:
      context: .
      dockerfile: Dockerfile.production
  api:
    build:
      context: ./api
```

```dockerfile bad Dockerfile.prod
FROM python:3.13-slim
```

```yaml good compose.yaml
services:
  web:
    build:
      context: .
      dockerfile: Dockerfile.prod
  far:
    build: https://github.com/example/shop.git
  open:
    build:
      context: ${FOLDER}
```

```dockerfile good Dockerfile.prod
FROM python:3.13-slim
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.facts import Deployment
from flask_preflight.rule import Message, Result, Results, rule

NOWHERE = Message("{0} is built from {1}, which does not exist")


@rule("DEP062", "build-file-missing", "error", "container", sees="relation")
def check(deployment: Deployment) -> Results:
    paths = {file.path for file in deployment.files}
    folders = {path[: path.rindex("/")] for path in paths if "/" in path}
    modules = ".gitmodules" in paths
    for service in deployment[Service]:
        build = service.build
        if build is None or build.dockerfile is None or service.role != "production" or modules:
            continue
        context = build.context or ""
        below = not context or any(
            one == context or one.startswith(context + "/") for one in folders
        )
        if not below:
            where = service.at("build", "context")
            yield Result(where, NOWHERE(service.name, context))
        elif build.dockerfile not in paths:
            where = service.at("build", "dockerfile")
            yield Result(where, NOWHERE(service.name, build.dockerfile))
