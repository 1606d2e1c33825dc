"""An update that fails stays half done.

Swarm stops in the middle by default, with some containers of the new version that does not work,
and with one replica it stops the old one before the new one runs.

Fix: `update_config: {order: start-first, failure_action: rollback}`.

Sources: Docker, "Compose Deploy Specification: update_config".

```yaml bad docker-stack.yml {2}
services:
  web:
    image: example/web:1.0
    ports: ["80:8000"]
```

```yaml bad docker-stack.yml {7}
services:
  web:
    image: example/web:1.0
    ports: ["80:8000"]
    deploy:
      update_config:
        order: stop-first
        failure_action: rollback
```

```yaml good docker-stack.yml
services:
  web:
    image: example/web:1.0
    ports: ["80:8000"]
    deploy:
      update_config:
        order: start-first
        failure_action: rollback
  db:
    image: postgres:17
```

```yaml good docker-stack.yml
services:
  web:
    image: example/web:1.0
    ports: ["80:8000"]
    deploy:
      mode: global
      update_config:
        failure_action: rollback
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.rule import Message, Result, Results, rule

HALF = Message("an update of {0} that fails stays half done: nothing rolls it back", "half")
GAP = Message("an update of {0} stops the old container before the new one runs", "gap")


@rule("CMP093", "swarm-unsafe-update", "warning", "ci-cd", sees="absent")
def check(service: Service) -> Results:
    if service.project.kind != "swarm" or service.kind == "datastore" or not service.ports:
        return
    update = ("deploy", "update_config")
    if service.spec.text(*update, "failure_action") != "rollback":
        yield Result(service.at(*update, "failure_action"), HALF(service.name))
    elif service.replicas.multi is False and service.spec.text(*update, "order") != "start-first":
        yield Result(service.at(*update, "order"), GAP(service.name))
