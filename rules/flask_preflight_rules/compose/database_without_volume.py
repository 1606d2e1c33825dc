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

```yaml bad deploy/compose.yaml {2,6,9}
services:
  db:
    image: mongo:8
    command: ["--replSet", "rs0"]
    volumes: ["/data/db"]
  queue:
    image: redis:8
    command: redis-server --appendonly yes
  users:
    image: postgres:17
    environment: {PGDATA: /srv/data}
    volumes: ["users:/var/lib/postgresql"]
volumes:
  users:
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
  sessions:
    image: redis:8
    command: redis-server --save "" --maxmemory 100mb
  client:
    image: postgres:17
    command: psql -h db -c "select 1"
    restart: "no"
  backup:
    image: postgres:17
    entrypoint: ["/bin/sh", "-c", "while true; do pg_dump -h db shop > /backup/x; sleep 1d; done"]
    volumes: ["./backup:/backup"]
  moved:
    image: postgres:17
    command: ["postgres", "-c", "fsync=on"]
    environment: ["PGDATA=/srv/data/16"]
    volumes: ["data:/srv/data"]
  long:
    image: mysql:8
    command: --default-authentication-plugin=mysql_native_password
    volumes:
      - {type: bind, source: ./mysql, target: /var/lib/mysql}
  fast:
    image: postgres:17
    tmpfs: /var/lib/postgresql/data
  shared:
    image: postgres:17
    volumes_from: [db]
  tool:
    image: postgres:17
    profiles: [dev]
volumes:
  data:
```

```yaml good compose.test.yaml
services:
  db:
    image: postgres:17
```
"""

from itertools import pairwise

from flask_preflight.artifacts.compose import Service
from flask_preflight.artifacts.products import PRODUCTS, SERVERS_OF_DATA
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.compose._services import covers

NAMELESS = Message("{0} keeps its data in a nameless volume that a new container leaves behind")
SERVERS = frozenset(
    "postgres mysqld mariadbd mongod redis-server valkey-server keydb-server rabbitmq-server "
    "docker-entrypoint.sh elasticsearch opensearch neo4j influxd cassandra".split()
)
FOLDER_OPTIONS = frozenset("--dbpath --datadir --dir -D --data".split())


@rule("CMP060", "database-without-volume", "error", "recovery", sees="absent")
def check(service: Service) -> Results:
    if service.one_shot or not _serves(service) or "volumes_from" in service.spec:
        return
    if not (service.product in SERVERS_OF_DATA or _persists(service)):
        return
    folders = _folders(service)
    mounted = [mount.path for mount in service.mounts if mount.kind != "anonymous"]
    if folders and not any(covers(path, folder) for path in mounted for folder in folders):
        yield Result(service.at(), NAMELESS(service.name))


def _serves(service: Service) -> bool:
    """Whether the image starts its server, and is not used for a client in it."""
    words = (*(service.entrypoint or ()), *(service.command or ()))
    first = words[0] if words else "-"
    return first.startswith("-") or first.rpartition("/")[2] in SERVERS


def _persists(service: Service) -> bool:
    """Whether a cache is told to write its data to disk."""
    words = service.command or ()
    pairs = list(pairwise(words))
    saved = any(option == "--save" and value.strip("\"' ") for option, value in pairs)
    return bool(service.product) and (saved or ("--appendonly", "yes") in pairs)


def _folders(service: Service) -> tuple[str, ...]:
    """Where the data lies; nothing where that cannot be known."""
    given = service.environment.get("PGDATA")
    if given is not None:
        return () if given.value is None else (given.value,)
    if any(word.partition("=")[0] in FOLDER_OPTIONS for word in service.command or ()):
        return ()
    return PRODUCTS[service.product].data
