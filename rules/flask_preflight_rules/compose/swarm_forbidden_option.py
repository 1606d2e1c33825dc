"""Swarm refuses the file because of a setting.

`docker stack deploy` ends with an error, and the old version stays.

Fix: remove the setting, or write it in the form that Swarm knows.

Sources: Docker, "docker stack deploy"; Docker CLI, "compose/types: ForbiddenProperties".

```yaml bad docker-stack.yml {4,5,11}
services:
  web:
    image: example/web:1.0
    mem_limit: 512m
    depends_on:
      db:
        condition: service_healthy
  db:
    image: postgres:17
  worker:
    build: ./worker
```

```yaml good docker-stack.yml
services:
  web:
    image: example/web:1.0
    depends_on: [db]
    deploy:
      resources:
        limits:
          memory: 512m
  db:
    image: postgres:17
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.artifacts.yaml import Map
from flask_preflight.rule import Level, Message, Result, Results, rule

REFUSED = Message("docker stack deploy refuses the file because of {1} of {0}")
KEYS = (
    "volume_driver volumes_from extends cpu_quota cpu_shares cpuset mem_limit memswap_limit "
    "profiles"
).split()


@rule("CMP091", "swarm-forbidden-option", "error", "orchestration")
def check(service: Service) -> Results:
    if service.project.kind != "swarm":
        return
    # Where only its settings are for Swarm, it may never be given to Swarm.
    level: Level | None = None if service.project.says_swarm else "note"
    for key in KEYS:
        if service.spec.dig(key) is not None:
            yield Result(service.at(key), REFUSED(service.name, key), level=level)
    if isinstance(service.spec.dig("depends_on"), Map):
        said = REFUSED(service.name, "depends_on with conditions")
        yield Result(service.at("depends_on"), said, level=level)
    if service.spec.dig("build") is not None and not service.image:
        said = REFUSED(service.name, "build without the name of an image")
        yield Result(service.at("build"), said, level=level)
