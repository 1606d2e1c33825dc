"""A file for production starts a service as developers do.

It builds the stage for development, or starts tools that are made for one user.

Fix: name the stage for production in `build.target`, and the server in `command`.

Sources: Docker, "Multi-stage builds: Stop at a specific build stage".

```yaml bad compose.prod.yaml {5,8}
services:
  web:
    build:
      context: .
      target: development
  assets:
    image: node:22
    command: npm run dev
```

```yaml good compose.prod.yaml
services:
  web:
    build:
      context: .
      target: production
```

```yaml good compose.dev.yaml
services:
  web:
    build:
      context: .
      target: development
```

```yaml good compose.yaml
services:
  web:
    build:
      context: .
      target: development
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.lazy import expression
from flask_preflight.rule import Message, Result, Results, rule

STAGE = Message("production builds {0} from the stage {1}, which is for developers", "stage")
TOOL = Message("production starts {0} with {1}, which is for developers", "tool")
STAGES = frozenset("dev devel develop development debug local test".split())
TOOLS = expression(
    r"\b(?:npm|pnpm|yarn)(?: run)? dev\b|\bnodemon\b|\bwebpack-dev-server\b|\bvite\b(?! build)"
)


@rule("CMP031", "dev-target-in-production", "warning", "container")
def check(service: Service) -> Results:
    if not service.project.explicit:
        return
    target = service.spec.text("build", "target")
    if target.lower() in STAGES:
        yield Result(service.at("build", "target"), STAGE(service.name, target))
    found = TOOLS.search(" ".join(service.command or ()))
    if found is not None:
        yield Result(service.at("command"), TOOL(service.name, found[0]))
