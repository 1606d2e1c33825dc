"""Swarm does not start the service again when it ends.

After a crash it stays down until somebody looks.

Fix: `condition: any`, which is the default.

Sources: Docker, "Compose Deploy Specification: restart_policy".

```yaml bad docker-stack.yml {6}
services:
  web:
    image: example/web:1.0
    deploy:
      restart_policy:
        condition: none
```

```yaml bad docker-stack.yml {7}
services:
  web:
    image: example/web:1.0
    deploy:
      restart_policy:
        condition: any
        max_attempts: 1
```

```yaml good docker-stack.yml
services:
  web:
    image: example/web:1.0
    deploy:
      restart_policy:
        condition: any
  job:
    image: example/job:1.0
    deploy:
      mode: replicated-job
      restart_policy:
        condition: none
```

```yaml good docker-stack.yml
services:
  migrate:
    image: example/web:1.0
    deploy:
      mode: replicated-job
      restart_policy:
        condition: none
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.rule import Message, Result, Results, rule

DOWN = Message("Swarm does not start {0} again when it ends", "down")
FEW = Message("Swarm gives {0} up after {1} attempts, even when the fault passes", "few")


@rule("CMP096", "swarm-restart-disabled", "warning", "orchestration")
def check(service: Service) -> Results:
    policy = ("deploy", "restart_policy")
    if service.project.kind != "swarm" or service.spec.text("deploy", "mode").endswith("-job"):
        return
    attempts = service.spec.text(*policy, "max_attempts")
    if service.spec.text(*policy, "condition") == "none":
        yield Result(service.at(*policy, "condition"), DOWN(service.name))
    elif attempts.isdigit() and 0 < int(attempts[:9]) < 3:
        yield Result(service.at(*policy, "max_attempts"), FEW(service.name, attempts))
