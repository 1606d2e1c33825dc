"""The port of a database is published on every interface of the machine.

Docker opens it past ufw and firewalld, so the whole network, and often the Internet, can try
passwords on it.

Fix: remove the port, services of the project reach each other without it; or publish it for the
machine itself only, `127.0.0.1:5432:5432`.

Sources: Docker, "Packet filtering and firewalls"; CIS Docker Benchmark 5.14; CWE-668.

```yaml bad compose.yaml {4,8}
services:
  db:
    image: postgres:17
    ports: ["5432:5432"]
  queue:
    image: rabbitmq:4-management
    ports:
      - 0.0.0.0:15672:15672
```

```yaml bad stack.yaml {4}
services:
  db:
    image: mysql:8
    ports: ["127.0.0.1:3306:3306"]
```

```yaml bad db/compose.yaml {4,8}
services:
  search:
    build: .
    ports: ["9200:9200"]
  cache:
    image: valkey/valkey:8
    ports:
      - target: 6379
        published: 6379
```

```yaml bad compose.dev.yaml {4}
services:
  db:
    image: postgres:17
    ports: ["5432:5432"]
```

```yaml good compose.yaml
services:
  db:
    image: postgres:17
    ports: ["127.0.0.1:5432:5432", "[::1]:5432:5432"]
    expose: ["5432"]
  cache:
    image: redis:8
    ports: ["${CACHE_PORT:-127.0.0.1:6379}:6379"]
  web:
    build: .
    ports: ["80:8000"]
  proxy:
    image: nginx:1.29
    ports: ["80:80", "5432:5432"]
  admin:
    image: rabbitmq:4-management
    ports:
      - "${ADMIN_ADDRESS}:15672:15672"
      - {target: 5672, published: 5672, host_ip: 127.0.0.1}
  local:
    image: redis:8
    profiles: [debug]
    ports: ["16379:6379"]
```

```yaml good compose.dev.yaml
services:
  db:
    image: postgres:17
    ports: ["15432:5432"]
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.artifacts.products import DATABASE_PORTS, PRODUCTS
from flask_preflight.rule import Message, Result, Results, rule

OPEN = Message("port {0} of {1} is open to everyone who reaches the machine")


@rule("CMP050", "database-port-published", "error", "security", "CWE-668", development=True)
def check(service: Service) -> Results:
    if service.kind == "proxy":
        return
    usual = {*DATABASE_PORTS, 15672}
    if service.kind == "datastore":
        usual |= set(PRODUCTS[service.product].ports)
    for port in service.ports:
        if port.number not in usual or not service.is_public(port):
            continue
        if service.role != "development":
            yield Result(port.location, OPEN(port.number, service.name))
        elif port.published.rpartition(":")[2] == str(port.number):
            yield Result(port.location, OPEN(port.number, service.name), level="note")
