"""The file has the value of a secret in it.

Everybody who reads the repository has it, in every copy and for as long as its history lives.

Fix: `${SECRET_KEY:?}` with the value in an `.env` file outside of the repository, or `secrets:`.

Sources: Docker, "Manage secrets securely in Docker Compose"; CWE-798.

```yaml bad compose.yaml {5,6,9}
services:
  web:
    build: .
    environment:
      SECRET_KEY: @@SECRET:key@@
      DATABASE_URL: postgresql://shop:@@SECRET:password@@@db/shop
  cache:
    image: redis:8
    environment: ["REDIS_PASSWORD=another-@@SECRET:password@@"]
```

```yaml bad compose.yaml {9}
services:
  web:
    build: .
    environment:
      DATABASE_URL: postgresql://shop:@@SECRET:password@@@db/shop
  db:
    image: postgres:17
    environment:
      POSTGRES_PASSWORD: @@SECRET:password@@
```

```yaml good compose.yaml
services:
  web:
    build: .
    environment:
      SECRET_KEY: ${SECRET_KEY:?}
      SECRET_KEY_FILE: /run/secrets/key
      DATABASE_URL: postgresql://shop:${DB_PASSWORD}@db/shop
      TOKEN_LIFETIME: "3600"
  db:
    image: postgres:17
    environment: ["POSTGRES_PASSWORD"]
```

```yaml good compose.dev.yaml
services:
  web:
    build: .
    environment:
      SECRET_KEY: dev
```

```yaml good compose.yaml
services:
  web:
    build: .
    environment:
      DATABASE_PASSWORD: /run/secrets/db-password
      DATABASE_PASSWORD_FILE: /run/secrets/db-password
      API_TOKEN: ${API_TOKEN:-}
      PASSWORD_RESET_ENABLED: "true"
      REDIS_URL: redis://cache:6379/0
  db:
    image: mariadb:11
    environment:
      - MARIADB_ALLOW_EMPTY_ROOT_PASSWORD=yes
      - MARIADB_PASSWORD
```

```yaml good compose.test.yaml
services:
  db:
    image: postgres:17
    environment:
      POSTGRES_PASSWORD: @@SECRET:password@@
```
"""

from collections.abc import Iterator

from flask_preflight.artifacts.compose import Project
from flask_preflight.artifacts.secret import (
    classify,
    looks_random,
    secret_name,
    signs,
    url_password,
)
from flask_preflight.facts import Variable
from flask_preflight.rule import Level, Message, Result, Results, rule

WRITTEN = Message("the value of {0} is in the file, for everybody who reads the repository")


@rule("CMP040", "secret-in-environment", "error", "configuration", "CWE-798")
def check(project: Project) -> Results:
    same: dict[str, list[Variable]] = {}
    for variable in () if project.fragment else _written(project):
        same.setdefault(_secret(variable), []).append(variable)
    for first, *others in same.values():
        grave = project.explicit or any(
            signs(one.name) or _is_drawn(one) for one in (first, *others)
        )
        level: Level | None = None if grave else "warning"
        related = tuple(one.location.saying(f"the same value in {one.name}") for one in others[:5])
        yield Result(first.location, WRITTEN(first.name), related, level=level)


def _written(project: Project) -> Iterator[Variable]:
    """Secrets with a value, those of databases first: that is what the others repeat."""
    services = [one for one in project.services.values() if one.role == "production"]
    for service in sorted(services, key=lambda one: one.kind != "datastore"):
        for variable in service.environment.variables:
            # What is filled in comes from a file that has rules of its own.
            own = variable.source == "compose" and variable.location.path in project.paths
            if own and _verdict(variable) in ("real", "weak"):
                yield variable


def _secret(variable: Variable) -> str:
    value = variable.value or ""
    return url_password(value) or value


def _is_drawn(variable: Variable) -> bool:
    """Whether it is no word that somebody typed to try things out."""
    return looks_random(_secret(variable))


def _verdict(variable: Variable) -> str:
    if not variable.value or variable.value.startswith("/run/secrets/"):
        return ""
    password = url_password(variable.value)
    if password is not None:
        return classify(password, "pw", variable.name)
    kind = secret_name(variable.name)
    found = classify(variable.value, kind, variable.name) if kind else ""
    # A placeholder is what runs when nobody replaces it.
    return "weak" if found == "placeholder" and signs(variable.name) else found
