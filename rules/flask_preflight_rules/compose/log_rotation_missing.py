"""The logs of the containers grow until the disk is full.

Docker keeps everything that a container writes, without a limit: then nothing on the machine can
write any more, the database included.

Fix: `logging: {driver: local}`, which rotates, or `options: {max-size: 10m, max-file: "3"}`.

Sources: Docker, "Configure logging drivers".

```yaml bad compose.yaml {1}
services:
  web:
    image: example/web:1.0
```

```yaml bad compose.yaml {2}
services:
  web:
    image: example/web:1.0
  api:
    image: example/api:1.0
    logging:
      driver: local
```

```yaml good compose.prod.yaml
services:
  web:
    image: example/web:1.0
    logging:
      driver: local
  api:
    image: example/api:1.0
    logging:
      options:
        max-size: 10m
```

```yaml good compose.yaml
x-logging: &logging
  driver: json-file
  options:
    max-size: ${LOG_SIZE:-10m}
services:
  web:
    image: example/web:1.0
    logging: *logging
  shipped:
    image: example/api:1.0
    logging:
      driver: journald
  migrate:
    image: example/web:1.0
    command: flask db upgrade
    restart: "no"
```

```yaml good compose.dev.yaml
services:
  web:
    image: example/web:1.0
```
"""

from flask_preflight.artifacts.compose import Project, Service
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.compose._services import lasting

GROWS = Message("the log of {0} grows until the disk is full")
ALL = Message("the logs of all services grow until the disk is full", "all")


@rule("CMP070", "log-rotation-missing", "note", "observability", sees="absent")
def check(project: Project) -> Results:
    services = list(lasting(project))
    growing = [one for one in services if _grows(one)]
    if growing:
        said = ALL() if len(growing) == len(services) else GROWS(growing[0].name)
        where = project.at("services") if len(growing) == len(services) else growing[0].at()
        yield Result(where, said)


def _grows(service: Service) -> bool:
    driver = service.spec.text("logging", "driver")
    return driver in ("", "json-file") and not service.spec.text("logging", "options", "max-size")
