"""One container serves all clients of the stack.

While it starts, is replaced or moves to another node, nobody is served.

Fix: `deploy.replicas: 2`, if its state is kept elsewhere.

Sources: Docker, "How services work: Replicated and global services".

```yaml bad docker-stack.yml {2}
services:
  web:
    image: example/web:1.0
    ports: ["80:8000"]
```

```yaml good docker-stack.yml
services:
  web:
    image: example/web:1.0
    ports: ["80:8000"]
    deploy:
      replicas: 2
  agent:
    image: example/agent:1.0
    ports: ["90:8000"]
    deploy:
      mode: global
  db:
    image: postgres:17
    ports: ["5432:5432"]
```

```yaml good docker-stack.yml
services:
  worker:
    image: example/web:1.0
    command: celery -A app worker
  files:
    image: example/files:1.0
    ports: ["8080:8080"]
    volumes: ["files:/data"]
    deploy:
      placement:
        constraints: ["node.hostname == one"]
volumes:
  files:
```

```yaml good compose.prod.yaml
services:
  web:
    image: example/web:1.0
    ports: ["80:8000"]
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.rule import Message, Result, Results, rule

ALONE = Message("one container of {0} serves everybody: nobody is served while it is replaced")


@rule("CMP092", "swarm-single-replica", "warning", "scaling", sees="absent")
def check(service: Service) -> Results:
    if service.project.kind != "swarm" or not service.ports or service.one_shot:
        return
    pinned = bool(service.spec.dig("deploy", "placement", "constraints")) and bool(service.mounts)
    if service.replicas.multi is False and service.kind != "datastore" and not pinned:
        yield Result(service.at("deploy", "replicas"), ALONE(service.name))
