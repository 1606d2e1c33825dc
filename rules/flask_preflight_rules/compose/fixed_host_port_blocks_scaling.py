"""The service publishes one port of the machine and is to run several times.

Only one container can have the port: the others do not start.

Fix: publish the port of a proxy only, or leave the machine's port open, `ports: ["8000"]`.

Sources: Docker, "Compose file reference: ports".

```yaml bad compose.yaml {4}
services:
  web:
    image: example/web:1.0
    ports: ["8000:8000"]
    deploy:
      replicas: 3
```

```yaml good compose.yaml
services:
  web:
    image: example/web:1.0
    ports: ["8000"]
    deploy:
      replicas: 3
  api:
    image: example/api:1.0
    ports: ["8001:8001"]
  range:
    image: example/range:1.0
    ports: ["9000-9002:9000"]
    scale: 3
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.rule import Message, Result, Results, rule

TAKEN = Message("only one container can have port {0}, so the others of {1} do not start")


@rule("CMP017", "fixed-host-port-blocks-scaling", "warning", "scaling")
def check(service: Service) -> Results:
    if service.project.kind != "compose" or not service.replicas.multi:
        return
    for port in service.ports:
        outside = port.published.rpartition(":")[2]
        if outside.isdigit() and outside != "0":
            yield Result(port.location, TAKEN(outside, service.name))
            return
