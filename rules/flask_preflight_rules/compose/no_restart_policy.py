"""Nothing starts the service again when it ends.

After a crash, or when the machine starts anew, it stays down until somebody looks.

Fix: `restart: unless-stopped`.

Sources: Docker, "Start containers automatically".

```yaml bad compose.yaml {2,7}
services:
  web:
    build: .
    ports: ["80:8000"]
  db:
    image: postgres:17
    restart: "no"
  cache:
    image: redis:8
    restart: always
```

```yaml bad compose.yaml {1}
services:
  web:
    build: .
```

```yaml good compose.yaml
services:
  web:
    build: .
    restart: unless-stopped
  migrate:
    build: .
    command: flask db upgrade
  seed:
    build: .
    restart: "no"
```

```yaml good docker-stack.yml
services:
  web:
    image: example/web:1.0
```

```yaml good compose.yaml
x-lasting: &lasting
  restart: ${RESTART_POLICY:-unless-stopped}
services:
  web:
    <<: *lasting
    build: .
    depends_on:
      permissions:
        condition: service_completed_successfully
  permissions:
    build: .
    user: root
    entrypoint: chown -R app /data
  assets:
    build: .
    command: npm run build
    profiles: [assets]
  worker:
    build: .
    command: celery -A app worker
    deploy:
      restart_policy:
        condition: on-failure
```

```yaml good compose.dev.yaml
services:
  web:
    build: .
```
"""

from flask_preflight.artifacts.compose import Project, Service
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.compose._services import is_application, lasting

DOWN = Message("nothing starts {0} again when it ends, so it stays down until somebody looks")
ALL = Message("nothing starts these services again when they end", "all")


@rule("CMP010", "no-restart-policy", "warning", "orchestration", sees="absent")
def check(project: Project) -> Results:
    if project.kind != "compose":
        return
    services = [one for one in _judged(project) if not _restarts(one)]
    told = any(_restarts(one) for one in project.services.values())
    if services and not told and not project.explicit:
        yield Result(project.at("services"), ALL(), level="note")
        return
    for service in services:
        yield Result(service.at("restart"), DOWN(service.name))


def _judged(project: Project) -> list[Service]:
    stopped = [
        one
        for one in project.services.values()
        if one.kind == "datastore" and one.spec.dig("restart") in ("no", False)
    ]
    lasts = [one for one in lasting(project) if is_application(one) or one.kind]
    return [*stopped, *(one for one in lasts if one not in stopped)]


def _restarts(service: Service) -> bool:
    policy = service.spec.dig("restart")
    given = policy is not None and policy not in ("no", False)
    return given or bool(service.spec.map("deploy", "restart_policy"))
