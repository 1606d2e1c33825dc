"""The container has all rights of the machine.

Whoever gets into it owns the machine and everything on it.

Fix: delete `privileged`; give the one capability or device that is needed.

Sources: Docker, "Runtime privilege and Linux capabilities"; CWE-250.

```yaml bad compose.yaml {4}
services:
  web:
    image: example/web:1.0
    privileged: true
```

```yaml good compose.yaml
services:
  web:
    image: example/web:1.0
    privileged: false
```

```yaml good docker-stack.yml
services:
  web:
    image: example/web:1.0
    privileged: true
```

```yaml good compose.test.yaml
services:
  builder:
    image: docker:28-dind
    privileged: true
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.rule import Message, Result, Results, rule

OWNS = Message("whoever gets into {0} owns the machine")


@rule(
    "CMP020",
    "privileged-service",
    "error",
    "security",
    "CWE-250",
    "semgrep:privileged-service",
    development=True,
)
def check(service: Service) -> Results:
    if service.spec.dig("privileged") is True and service.project.kind == "compose":
        yield Result(service.at("privileged"), OWNS(service.name))
