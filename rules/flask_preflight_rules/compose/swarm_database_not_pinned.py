"""The database may move to a node that has none of its data.

A local volume belongs to one node: on another one Swarm makes a new, empty volume, and the
application finds no data.

Fix: pin it, `deploy.placement.constraints: [node.labels.data == true]`, or use a volume that all
nodes share.

Sources: Docker, "Control service placement"; Docker, "Volumes".

```yaml bad docker-stack.yml {4}
services:
  db:
    image: postgres:17
    volumes: ["data:/var/lib/postgresql"]
volumes:
  data:
```

```yaml good docker-stack.yml
services:
  db:
    image: postgres:17
    volumes: ["data:/var/lib/postgresql"]
    deploy:
      placement:
        constraints: ["node.role == manager"]
  other:
    image: postgres:17
    volumes: ["shared:/var/lib/postgresql", "./first.sql:/docker-entrypoint-initdb.d/first.sql"]
volumes:
  data:
  shared:
    driver: rexray
```

```yaml bad docker-stack.yml {4}
services:
  db:
    image: postgres:17
    volumes: ["data:/var/lib/postgresql"]
volumes:
  data:
    external: true
```

```yaml good docker-stack.yml
services:
  db:
    image: postgres:17
    volumes: ["data:/var/lib/postgresql"]
volumes:
  data:
    driver_opts:
      type: nfs
      o: addr=10.0.0.5,rw
      device: ":/data"
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.artifacts.products import PRODUCTS
from flask_preflight.rule import Level, Message, Result, Results, rule
from flask_preflight_rules.compose._services import covers

EMPTY = Message("on another node {0} starts with an empty volume: nothing pins it to its data")


@rule("CMP097", "swarm-database-not-pinned", "error", "recovery")
def check(service: Service) -> Results:
    if service.project.kind != "swarm" or service.kind != "datastore":
        return
    if service.spec.dig("deploy", "placement", "constraints"):
        return
    folders = PRODUCTS[service.product].data
    for mount in service.mounts:
        if not any(covers(mount.path, folder) for folder in folders):
            continue
        volume = service.project.spec.map("volumes", mount.source)
        local = volume.text("driver") in ("", "local") and not volume.map("driver_opts")
        if mount.kind == "bind" or mount.kind == "named" and local:
            external = volume.dig("external")
            level: Level | None = "warning" if external else None
            yield Result(mount.location, EMPTY(service.name), level=level)
            return
