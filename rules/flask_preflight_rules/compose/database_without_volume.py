"""A database keeps its data in a volume without a name.

`docker compose down`, a changed image or another machine start it with an empty volume; the old one
is left behind, and nothing says which it was.

Fix: mount a named volume on the folder in which the database keeps its data.

Sources: Docker, "Volumes"; the page of each database's image.

```yaml bad compose.yaml {2}
services:
  db:
    image: postgres:17
    environment: {POSTGRES_PASSWORD_FILE: /run/secrets/db}
```

```yaml bad stack.yaml {2}
services:
  db:
    image: mariadb:11
    volumes: ["backup:/backup"]
volumes:
  backup:
```

```yaml good compose.yaml
services:
  db:
    image: postgres:18
    volumes: ["data:/var/lib/postgresql"]
  old:
    image: postgres:13
    volumes: ["./data:/var/lib/postgresql/data"]
  cache:
    image: redis:8
  brief:
    image: memcached:1.6
  client:
    image: postgres:17
    command: psql -h db -c "select 1"
    restart: "no"
volumes:
  data:
```

```yaml good compose.test.yaml
services:
  db:
    image: postgres:17
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.artifacts.products import PRODUCTS, SERVERS_OF_DATA
from flask_preflight.rule import Message, Result, Results, rule

NAMELESS = Message("{0} keeps its data in a nameless volume that a new container leaves behind")


@rule("CMP060", "database-without-volume", "error", "recovery", sees="absent")
def check(service: Service) -> Results:
    if service.role != "production" or service.one_shot:
        return
    if not (service.product in SERVERS_OF_DATA or _persists(service)):
        return
    folders = PRODUCTS[service.product].data
    mounted = [mount.path for mount in service.mounts if mount.kind != "anonymous"]
    if folders and not any(_covers(path, folder) for path in mounted for folder in folders):
        yield Result(service.at(), NAMELESS(service.name))


def _persists(service: Service) -> bool:
    """Whether a cache is told to write its data to disk."""
    command = " ".join(service.command or ())
    return bool(service.product) and ("--appendonly yes" in command or "--save" in command)


def _covers(path: str, folder: str) -> bool:
    """Whether a mount holds the folder, or a part of it."""
    path, folder = path.rstrip("/") + "/", folder + "/"
    return path.startswith(folder) or folder.startswith(path)
