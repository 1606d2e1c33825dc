"""A service may take all memory of the machine.

When one leaks, the kernel ends whichever process it likes, the database as well.

Fix: `mem_limit: 512m`, or `deploy.resources.limits.memory`.

Sources: Docker, "Resource constraints: Understand the risks of running out of memory"; CWE-770.

```yaml bad compose.prod.yaml {1}
services:
  web:
    build: .
    ports: ["80:8000"]
```

```yaml bad docker-stack.yml {2}
services:
  web:
    image: example/web:1.0
    ports: ["80:8000"]
  db:
    image: postgres:17
    deploy:
      resources:
        limits:
          memory: 1g
```

```yaml good compose.prod.yaml
services:
  web:
    build: .
    mem_limit: 512m
  proxy:
    image: nginx:1.29
```

```yaml bad compose.yaml {1}
services:
  web:
    build: .
    deploy:
      resources:
        limits:
          memory: ${WEB_MEMORY:-0}
```

```yaml good compose.yaml
services:
  web:
    build: .
    deploy:
      resources:
        limits:
          memory: ${WEB_MEMORY:-512m}
  given:
    build: .
    mem_limit: ${MEMORY}
  migrate:
    build: .
    command: flask db upgrade
    restart: "no"
```

```yaml good compose.dev.yaml
services:
  web:
    build: .
```
"""

from flask_preflight.artifacts.compose import Project
from flask_preflight.rule import Level, Message, Result, Results, rule, several
from flask_preflight_rules.compose._services import is_application, lasting

SOME = Message("{0} may take all memory of the machine: the kernel then ends any process")
ALL = Message("each service may take all memory: the kernel then ends any process", "all")


@rule("CMP080", "no-memory-limit", "warning", "orchestration", "CWE-770", sees="absent")
def check(project: Project) -> Results:
    swarm = project.kind == "swarm"
    judged = [
        one
        for one in lasting(project)
        if is_application(one) or one.kind == "datastore" or swarm and not one.kind
    ]
    unlimited = [one for one in judged if not one.memory and "$" not in one.spec.text("mem_limit")]
    if not unlimited:
        return
    level: Level | None = None if project.explicit else "note"
    if len(unlimited) == len(judged):
        yield Result(project.at("services"), ALL(), level=level)
    else:
        names = several(one.name for one in unlimited)
        yield Result(unlimited[0].at(), SOME(names), level=level)
