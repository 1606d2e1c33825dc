"""The database asks nobody for a password.

Every other container on its network, and everybody who reaches its port, reads and deletes
everything.

Fix: set a password, by `POSTGRES_PASSWORD_FILE` or the like.

Sources: Docker Official Images, "postgres: POSTGRES_HOST_AUTH_METHOD"; CWE-306.

```yaml bad compose.yaml {6,10}
services:
  db:
    image: postgres:17
    ports: ["5432:5432"]
    environment:
      POSTGRES_HOST_AUTH_METHOD: trust
  mysql:
    image: mysql:8
    environment:
      MYSQL_ALLOW_EMPTY_PASSWORD: "yes"
```

```yaml good compose.yaml
services:
  db:
    image: postgres:17
    environment:
      POSTGRES_HOST_AUTH_METHOD: scram-sha-256
      MYSQL_ALLOW_EMPTY_PASSWORD: "no"
```

```yaml bad compose.dev.yaml {6}
services:
  db:
    image: postgres:17
    ports: ["5432:5432"]
    environment:
      POSTGRES_HOST_AUTH_METHOD: trust
  inner:
    image: postgres:17
    environment:
      POSTGRES_HOST_AUTH_METHOD: trust
  cache:
    image: redis:8
```

```yaml good compose.yaml
services:
  db:
    image: postgres:17
    environment:
      POSTGRES_PASSWORD_FILE: /run/secrets/password
      POSTGRES_HOST_AUTH_METHOD: ${AUTH_METHOD}
  cache:
    image: redis:8
  documents:
    image: mongo:8
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.facts import lower
from flask_preflight.rule import Level, Message, Result, Results, rule

NOBODY = Message("{0} asks nobody for a password ({1})")
EMPTY = (
    "MYSQL_ALLOW_EMPTY_PASSWORD",
    "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD",
    "ALLOW_EMPTY_PASSWORD",
)
YES = ("1", "yes", "true", "on")


@rule(
    "CMP043",
    "database-without-authentication",
    "error",
    "security",
    "CWE-306",
    development=True,
)
def check(service: Service) -> Results:
    open_to_all = any(service.is_public(port) for port in service.ports)
    if service.role == "development" and not open_to_all:
        return
    level: Level = "error" if open_to_all or service.project.explicit else "warning"
    for variable in service.environment.variables:
        value = (variable.value or "").lower()
        trusts = variable.name == "POSTGRES_HOST_AUTH_METHOD" and value == "trust"
        empty = variable.name in EMPTY and value in YES
        off = variable.name == "xpack.security.enabled" and value == "false"
        if trusts or empty or off:
            role = "note" if service.role == "development" else level
            yield Result(variable.location, NOBODY(service.name, variable.name), level=role)
    words = " ".join(service.command or ())
    if "--protected-mode no" in words or "--noauth" in words.split():
        role = "note" if service.role == "development" else lower(level, not open_to_all)
        yield Result(service.at("command"), NOBODY(service.name, "command"), level=role)
