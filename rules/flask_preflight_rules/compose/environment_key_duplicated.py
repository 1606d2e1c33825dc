"""A variable stands in the list of a service twice, and only the last value counts.

Which of them was meant nobody can tell: a change to the first one has no effect.

Fix: delete one of the lines.

Sources: Docker, "Compose file reference: environment".

```yaml bad compose.yaml {6}
services:
  web:
    image: acme/shop:2
    environment:
      - LOG_LEVEL=info
      - LOG_LEVEL=debug
```

```yaml good compose.yaml
services:
  web:
    image: acme/shop:2
    environment:
      - LOG_LEVEL=info
      - LOG_FORMAT=json
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.artifacts.yaml import Seq
from flask_preflight.rule import Message, Result, Results, rule

TWICE = Message("{0} gets {1} twice, and the first value is lost")


@rule("CMP005", "environment-key-duplicated", "warning", "configuration", enabled=False)
def check(service: Service) -> Results:
    given = service.spec.dig("environment")
    seen: dict[str, object] = {}
    for index, item in enumerate(given if isinstance(given, Seq) else ()):
        name, equals, value = str(item).partition("=")
        if name in seen and equals and seen[name] != value:
            yield Result(service.at("environment", index), TWICE(service.name, name))
        seen[name] = value
