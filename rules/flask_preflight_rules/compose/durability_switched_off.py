"""The database does not wait until the disk has what it confirms.

After a crash of the machine the last transactions are lost, or the whole database is beyond repair.

Fix: remove the option; it is for tests only.

Sources: PostgreSQL, "Write Ahead Log: fsync"; MySQL, "innodb_flush_log_at_trx_commit".

```yaml bad compose.yaml {4}
services:
  db:
    image: postgres:17
    command: postgres -c fsync=off
```

```yaml bad compose.yaml {4}
services:
  db:
    image: postgres:17
    command: postgres -c synchronous_commit=off
```

```yaml good compose.yaml
services:
  db:
    image: postgres:17
    command: postgres -c max_connections=200
```

```yaml good compose.test.yaml
services:
  db:
    image: postgres:17
    command: postgres -c fsync=off
```

```yaml good compose.yaml
# For development only.
services:
  db:
    image: postgres:17
    command: postgres -c fsync=off
```

```yaml bad compose.yaml {4}
services:
  db:
    image: mysql:9
    command: --innodb-flush-log-at-trx-commit=0
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.lazy import expression
from flask_preflight.rule import Level, Message, Result, Results, rule

LOST = Message("a crash of the machine loses what {0} has confirmed ({1})")
OFF = expression(
    r"\b(?:fsync|full_page_writes|synchronous_commit)=(?:off|0|false)"
    r"|innodb[-_]flush[-_]log[-_]at[-_]trx[-_]commit=0|--nojournal\b"
)


@rule("CMP047", "durability-switched-off", "error", "recovery")
def check(service: Service) -> Results:
    found = OFF.search(" ".join((*(service.entrypoint or ()), *(service.command or ()))))
    if found is not None:
        # Only the last moments are lost, and nothing is broken.
        level: Level | None = "warning" if found[0].startswith("synchronous") else None
        yield Result(service.at("command"), LOST(service.name, found[0]), level=level)
