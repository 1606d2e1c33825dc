"""What the service says is thrown away.

After an incident there is nothing to read.

Fix: `logging: {driver: local}`.

Sources: Docker, "Configure logging drivers".

```yaml bad compose.yaml {5}
services:
  web:
    build: .
    logging:
      driver: none
```

```yaml good compose.yaml
services:
  web:
    build: .
    logging:
      driver: local
  chatty:
    image: example/chatty:1.0
    restart: "no"
    logging:
      driver: none
```

```yaml good compose.dev.yaml
services:
  web:
    image: example/web:1.0
    logging:
      driver: none
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.rule import Message, Result, Results, rule

NOTHING = Message("what {0} says is thrown away, so there is nothing to read afterwards")


@rule("CMP071", "logging-disabled", "warning", "observability")
def check(service: Service) -> Results:
    if service.spec.text("logging", "driver") == "none" and not service.one_shot:
        yield Result(service.at("logging", "driver"), NOTHING(service.name))
