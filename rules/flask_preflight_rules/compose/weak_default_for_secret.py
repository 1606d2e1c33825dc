"""A secret has a default in the file.

When the variable is missing, nothing fails: the service starts with a value that everybody who
reads the repository knows.

Fix: `${POSTGRES_PASSWORD:?set it}`, so that nothing starts without it.

Sources: Docker, "Compose file reference: Interpolation"; CWE-1188.

```yaml bad compose.yaml {5,6}
services:
  web:
    build: .
    environment:
      SECRET_KEY: ${SECRET_KEY:-insecure}
      DATABASE_URL: postgresql://shop:${DB_PASSWORD:-password}@db/shop
```

```yaml good compose.yaml
services:
  web:
    build: .
    environment:
      SECRET_KEY: ${SECRET_KEY:?}
      DATABASE_URL: postgresql://shop:${DB_PASSWORD}@db/shop
      TOKEN: ${TOKEN:-}
      LOG_LEVEL: ${LOG_LEVEL:-info}
```

```yaml good compose.yaml
services:
  web:
    build: .
    environment:
      SECRET_KEY: ${SECRET_KEY:-${OTHER_KEY}}
      API_KEY_FILE: ${API_KEY_FILE:-/run/secrets/api}
      DATABASE_URL: ${DATABASE_URL:-sqlite:////data/shop.db}
```

```yaml good compose.test.yaml
services:
  web:
    build: .
    environment:
      SECRET_KEY: ${SECRET_KEY:-insecure}
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.artifacts.secret import classify, secret_name, url_password
from flask_preflight.rule import Message, Result, Results, rule

KNOWN = Message("without {0} the service starts with a value that is in the file")


@rule(
    "CMP042",
    "weak-default-for-secret",
    "warning",
    "configuration",
    "CWE-1188",
    development=True,
)
def check(service: Service) -> Results:
    for variable in service.environment.variables:
        if not variable.default or not variable.value:
            continue
        if variable.location.path not in service.project.paths:
            continue
        password = url_password(variable.value)
        kind = "pw" if password is not None else secret_name(variable.name)
        value = variable.value if password is None else password
        if kind and classify(value, kind, variable.name) in ("real", "weak", "placeholder"):
            yield Result(variable.location, KNOWN(variable.name))
