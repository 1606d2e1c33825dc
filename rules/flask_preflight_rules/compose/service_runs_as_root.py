"""The service runs as root, whatever its image says.

Whoever gets into the application is root in the container, and one hole away from the machine.

Fix: delete `user`, and let the image name its user.

Sources: CIS Docker Benchmark 4.1; CWE-250.

```yaml bad compose.yaml {4}
services:
  web:
    build: .
    user: root
```

```yaml good compose.yaml
services:
  web:
    build: .
    user: "1000"
  init:
    build: .
    user: root
    restart: "no"
  db:
    image: postgres:17
    user: root
```

```yaml good compose.yaml
services:
  web:
    build: .
    user: ${UID:-1000}:${GID:-1000}
    depends_on:
      permissions:
        condition: service_completed_successfully
  permissions:
    build: .
    user: "0:0"
    entrypoint: chown -R 1000 /data
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.compose._services import is_application

ROOT = Message("{0} runs as root, whatever its image says")


@rule("CMP028", "service-runs-as-root", "error", "security", "CWE-250")
def check(service: Service) -> Results:
    user = service.spec.text("user").partition(":")[0]
    if user in ("root", "0") and is_application(service):
        yield Result(service.at("user"), ROOT(service.name))
