"""Swarm ignores a setting of the service.

`docker stack deploy` reads it and does nothing: what its author relies on does not happen.

Fix: use what Swarm knows: `deploy.restart_policy`, `deploy.resources`, overlay networks.

Sources: Docker, "docker stack deploy"; Docker CLI, "compose/types: UnsupportedProperties".

```yaml bad docker-stack.yml {4}
services:
  web:
    image: example/web:1.0
    restart: always
    container_name: web
```

```yaml good docker-stack.yml
services:
  web:
    image: example/web:1.0
    deploy:
      restart_policy:
        condition: any
```

```yaml good compose.yaml
services:
  web:
    image: example/web:1.0
    restart: always
```

```yaml bad compose.yaml {4}
services:
  web:
    image: example/web:1.0
    restart: always
    deploy:
      update_config:
        order: start-first
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.rule import Level, Message, Result, Results, rule, several

IGNORED = Message("Swarm ignores {1} of {0}, so what it is there for does not happen")
KEYS = (
    "cgroupns_mode cgroup_parent devices domainname external_links ipc links mac_address "
    "network_mode pid privileged restart security_opt shm_size userns_mode container_name"
).split()


@rule("CMP090", "swarm-ignored-option", "warning", "orchestration")
def check(service: Service) -> Results:
    if service.project.kind != "swarm":
        return
    found = [key for key in KEYS if service.spec.dig(key) is not None]
    if found:
        level: Level | None = None if service.project.says_swarm else "note"
        yield Result(service.at(found[0]), IGNORED(service.name, several(found)), level=level)
