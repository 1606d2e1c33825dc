"""A service refers to something that is not defined.

Compose refuses the whole file, so nothing starts.

Fix: define it, or correct the name.

Sources: Docker, "Compose file reference: Services".

```yaml bad compose.yaml {4,5,8}
services:
  web:
    image: example/web:1.0
    networks: [inner]
    volumes: ["files:/data"]
    environment:
      DATABASE: db
    secrets: [key]
  db:
    image: postgres:17
```

```yaml bad compose.yaml {4,7,9}
services:
  web:
    image: example/web:1.0
    depends_on: [database]
    links:
      - db
      - cash:cache
  debug:
    network_mode: service:wep
    image: example/debug:1.0
  db:
    image: postgres:17
```

```yaml good compose.yaml
services:
  web:
    image: example/web:1.0
    depends_on:
      tracing: {condition: service_started, required: false}
```

```yaml good compose.yaml
services:
  web:
    image: example/web:1.0
    depends_on: [db]
```

```yaml good compose.db.yaml
services:
  db:
    image: postgres:17
```

```yaml good compose.yaml
include: [https://example.org/shop/db.git]
services:
  web:
    image: example/web:1.0
    depends_on: [db]
```

```yaml good compose.yaml
services:
  web:
    image: example/web:1.0
    depends_on: [db]
    networks: [inner, default]
    volumes: ["files:/data", "./conf:/conf", "/anonymous"]
    secrets: [key]
    network_mode: bridge
  db:
    image: postgres:17
networks:
  inner:
volumes:
  files:
secrets:
  key:
    file: ./key
```
"""

from collections.abc import Iterator

from flask_preflight.artifacts.compose import Project, Service
from flask_preflight.artifacts.yaml import Map
from flask_preflight.rule import Message, Result, Results, rule

NOWHERE = Message("{0} {1} is defined nowhere, so Compose refuses the file")
KINDS = {"networks": "network", "secrets": "secret", "configs": "config"}


@rule("CMP003", "unknown-reference", "error", "orchestration", development=True)
def check(part: Project | Service) -> Results:
    if isinstance(part, Project):
        for name, location in part.undefined:
            yield Result(location, NOWHERE("service", name))
    elif part.project.closed:
        yield from _of_service(part)


def _of_service(service: Service) -> Results:
    project = service.project
    for key, kind in KINDS.items():
        defined = set(project.spec.map(key)) | ({"default"} if key == "networks" else set())
        for name in _names(service.spec.dig(key)):
            if name not in defined and "$" not in name:
                yield Result(service.at(key), NOWHERE(kind, name))
    for mount in service.mounts:
        named = mount.kind == "named" and "$" not in mount.source
        if named and mount.source and mount.source not in project.spec.map("volumes"):
            yield Result(mount.location, NOWHERE("volume", mount.source))


def _names(written: object) -> Iterator[str]:
    if isinstance(written, Map):
        yield from map(str, written)
    elif isinstance(written, list):
        for one in written:
            yield str(one.text("source")) if isinstance(one, Map) else str(one)
