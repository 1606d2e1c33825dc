"""Several copies of the database know nothing of each other.

Each has data of its own: a request reads what another copy never got, and users see their entries
come and go.

Fix: one replica; for more, use what the database replicates with.

Sources: PostgreSQL, "High Availability, Load Balancing, and Replication".

```yaml bad compose.yaml {5}
services:
  db:
    image: postgres:17
    deploy:
      replicas: 2
    volumes: ["data:/var/lib/postgresql"]
volumes:
  data:
```

```yaml good compose.yaml
services:
  db:
    image: postgres:17
  mongo:
    image: mongo:8
    command: mongod --replSet shop
    scale: 3
  cache:
    image: memcached:1
    scale: 3
```
"""

from flask_preflight.facts import Entry
from flask_preflight.rule import Message, Result, Results, rule

APART = Message("the copies of {0} know nothing of each other: requests see different data")
PLAIN = frozenset(
    "postgres postgresql postgis timescaledb pgvector mysql mariadb mysql-server percona mongo "
    "mongodb rabbitmq redis valkey".split()
)
JOINED = ("replset", "cluster", "repmgr", "patroni", "wsrep", "replication", "replicaof")


@rule("DEP095", "database-replicas-diverge", "error", "scaling", sees="relation")
def check(entry: Entry) -> Results:
    product = getattr(entry.part, "product", "")
    if product not in PLAIN or not entry.replicas.multi:
        return
    names = " ".join(one.name for one in entry.environment.variables)
    told = f"{' '.join(entry.argv or ())} {names}".lower()
    if not any(word in told for word in JOINED):
        yield Result(entry.replicas.location or entry.at(), APART(entry.title))
