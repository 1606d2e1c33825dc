"""A service can reach the socket of the container engine.

Whoever gets into that container starts another one with the machine's disk mounted, and is root on
the machine. A read-only mount does not change that: it protects the file, not what can be asked.

Fix: remove the mount, or put a proxy in between that allows the few requests that are needed.

Sources: Docker, "Docker daemon attack surface"; CIS Docker Benchmark 5.32; CWE-250.

```yaml bad compose.yaml {4}
services:
  web:
    build: .
    volumes: ["/var/run/docker.sock:/var/run/docker.sock"]
```

```yaml bad compose.yaml {5}
services:
  edge:
    image: traefik:3.5
    volumes:
      - /var/run/docker.sock:/var/run/docker.sock:ro
```

```yaml bad compose.dev.yaml {5}
services:
  web:
    build: .
    volumes:
      - type: bind
        source: /run/podman/podman.sock
        target: /var/run/docker.sock
```

```yaml bad stack.yaml {3,7}
version: "3.8"
x-socket: &socket
  volumes: ["/var/run:/var/run"]
services:
  jobs:
    image: registry.example.org/jobs:1
    volumes: ["${SOCKET:-/var/run/docker.sock}:/docker.sock"]
  web:
    <<: *socket
    image: registry.example.org/web:1
  api:
    <<: *socket
    image: registry.example.org/api:1
```

```yaml bad compose.override.yaml {4}
services:
  watch:
    image: containrrr/watchtower:1.7
    volumes: ["/var/run/docker.sock:/var/run/docker.sock:ro"]
```

```yaml good compose.yaml
services:
  web:
    build: .
    volumes: ["./docker:/docker", "socket:/var/run/app", "/var/run/postgresql:/var/run/postgresql"]
volumes:
  socket:
```

```yaml good compose.test.yaml
services:
  runner:
    image: docker:28-dind
    volumes: ["/var/run/docker.sock:/var/run/docker.sock"]
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.artifacts.products import base_name
from flask_preflight.rule import Level, Message, Result, Results, rule

ROOT = Message("whoever is in this container starts others with the rights of root", "service")
CONTROLLER = Message("whoever takes over this container is root on the machine", "known")
SOCKETS = ("docker.sock", "podman.sock", "containerd.sock", "docker_engine")
FOLDERS = ("/var/run", "/run")
CONTROLLERS = frozenset(
    "traefik portainer portainer-ce portainer-ee watchtower autoheal dozzle cadvisor nginx-proxy "
    "docker-gen docker-socket-proxy promtail alloy vector datadog-agent agent acme-companion diun "
    "ofelia".split()
)


@rule(
    "CMP021",
    "docker-socket-mounted",
    "error",
    "security",
    "CWE-250",
    "CIS-DI-5.32",
    development=True,
)
def check(service: Service) -> Results:
    known = base_name(service.image) in CONTROLLERS
    milder: Level = "note" if service.role == "development" else "warning"
    for mount in service.mounts:
        source = mount.source.rstrip("/")
        if mount.kind == "bind" and (source.endswith(SOCKETS) or source in FOLDERS):
            said = CONTROLLER() if known else ROOT()
            level = milder if known else None
            yield Result(mount.location, said, level=level, subject=service.name)
