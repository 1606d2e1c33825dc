"""A service starts before the database that it needs accepts connections.

`depends_on` alone waits for the process of the database only: the first connection fails, and an
application that connects when it starts ends.

Fix: give the database a `healthcheck`, and wait for it with `condition: service_healthy`.

Sources: Docker, "Control startup and shutdown order in Compose".

```yaml bad compose.yaml {4}
services:
  web:
    build: .
    depends_on: [db]
  db:
    image: postgres:17
    healthcheck:
      test: ["CMD", "pg_isready"]
```

```yaml bad compose.yaml {4}
services:
  web:
    build: .
    depends_on:
      db:
        condition: service_started
  db:
    image: postgres:17
```

```yaml good compose.yaml
services:
  web:
    build: .
    depends_on:
      db:
        condition: service_healthy
      proxy:
        condition: service_started
  waits:
    build: .
    command: ./wait-for-it.sh db:5432 -- gunicorn app:app
    depends_on: [db]
  optional:
    build: .
    depends_on:
      db:
        condition: service_started
        required: false
  proxy:
    image: nginx:1.29
    depends_on: [db]
  db:
    image: postgres:17
    healthcheck:
      test: ["CMD", "pg_isready"]
```

```yaml good compose.yaml
services:
  web:
    build: .
    depends_on: [db, cache]
  db:
    image: postgres:17
  cache:
    image: redis:8
```

```dockerfile good Dockerfile
FROM python:3.13-slim
COPY . .
ENTRYPOINT ["./start.sh"]
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```bash good start.sh
#!/bin/sh
until pg_isready -h db; do sleep 1; done
exec "$@"
```

```yaml good docker-stack.yml
services:
  web:
    image: example/web:1.0
    depends_on: [db]
  db:
    image: postgres:17
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.artifacts.yaml import Map
from flask_preflight.lazy import expression
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.compose._services import is_application

EARLY = Message("{0} starts before {1} accepts connections")
WAITS = expression(
    r"wait-?_?for|wait4x|dockerize|pg_isready|\buntil\b|mysqladmin|\bnc\b.{0,20}-z|\bping\.py|sleep"
)
CACHES = ("redis", "memcached", "valkey", "keydb")


@rule("CMP012", "depends-on-without-health", "warning", "orchestration")
def check(service: Service) -> Results:
    project, found = service.project, service.spec.dig("depends_on")
    if project.kind != "compose" or not found or not is_application(service):
        return
    if WAITS.search(_started(service)):
        return
    for name in map(str, found):
        target = project.services.get(name)
        condition = found.text(name, "condition") if isinstance(found, Map) else ""
        if target is None or target.kind != "datastore" or target.product in CACHES:
            continue
        optional = isinstance(found, Map) and found.dig(name, "required") is False
        if condition in ("", "service_started") and not optional:
            yield Result(service.at("depends_on"), EARLY(service.name, name))
            return


def _started(service: Service) -> str:
    """Everything that runs before and in it, as far as it is known."""
    words = [*(service.entrypoint or ()), *(service.command or ())]
    started = service.entry.started if service.entry is not None else None
    image = service.linked_image
    words += [word for ran in (started.before if started else ()) for word in ran.argv]
    words += [command.text for command in image.scripts()] if image is not None else []
    return " ".join(words)
