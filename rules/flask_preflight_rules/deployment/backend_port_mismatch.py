"""An address names a port of the machine, where that of the container counts.

Inside the network of the project the published port does not exist: the connection is refused.

Fix: write the container's port, or leave it out.

Sources: Docker, "Networking in Compose".

```yaml bad compose.yaml {5}
services:
  web:
    build: .
    environment:
      DATABASE_URL: postgresql://shop:${PASSWORD}@db:5433/shop
  db:
    image: postgres:17
    ports: ["127.0.0.1:5433:5432"]
```

```yaml good compose.yaml
services:
  web:
    build: .
    environment:
      DATABASE_URL: postgresql://shop:${PASSWORD}@db/shop
      OTHER_URL: postgresql://shop:${PASSWORD}@other:5433/shop
  db:
    image: postgres:17
    ports: ["127.0.0.1:5433:5432"]
  other:
    image: postgres:17
    command: postgres -p 5433
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.artifacts.products import PRODUCTS
from flask_preflight.facts import Entry
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.deployment._backends import backends

OTHER = Message("{0} asks {1} on port {2}, which counts outside only: it serves {3}")


@rule(
    "DEP029", "backend-port-mismatch", "error", "configuration", sees="relation", development=True
)
def check(entry: Entry) -> Results:
    part = entry.part
    if not isinstance(part, Service):
        return
    for one in backends(entry):
        target = part.project.services.get(one.host)
        if target is None or not one.written or target.product not in PRODUCTS:
            continue
        usual = PRODUCTS[target.product].ports
        told = target.command or target.spec.dig("environment", "PGPORT")
        published = {port.published.rpartition(":")[2] for port in target.ports}
        if one.port not in usual and not told and str(one.port) in published:
            said = OTHER(entry.title, one.host, one.port, usual[0])
            yield Result(one.variable.location, said, (target.at().saying("its service"),))
