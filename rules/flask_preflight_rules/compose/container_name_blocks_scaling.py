"""The service has one fixed name and is to run several times.

Two containers cannot have one name: Compose starts the first and refuses the others.

Fix: delete `container_name`.

Sources: Docker, "Compose file reference: container_name".

```yaml bad compose.yaml {4}
services:
  web:
    image: example/web:1.0
    container_name: web
    scale: 3
```

```yaml good compose.yaml
services:
  web:
    image: example/web:1.0
    scale: 3
  db:
    image: postgres:17
    container_name: db
```

```yaml good docker-stack.yml
services:
  web:
    image: example/web:1.0
    container_name: web
    deploy:
      replicas: 3
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.rule import Message, Result, Results, rule

ONE = Message("only one container can be called {0}, so the others of {1} do not start")


@rule("CMP016", "container-name-blocks-scaling", "warning", "scaling")
def check(service: Service) -> Results:
    name = service.spec.text("container_name")
    if name and service.project.kind == "compose" and service.replicas.multi:
        yield Result(service.at("container_name"), ONE(name, service.name))
