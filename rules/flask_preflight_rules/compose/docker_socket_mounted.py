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

```yaml good compose.yaml
services:
  web:
    build: .
    volumes: ["./docker:/docker", "socket:/var/run/app", "/var/run/postgresql:/var/run/postgresql"]
volumes:
  socket:
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.artifacts.products import base_name
from flask_preflight.rule import Message, Result, Results, rule

ROOT = Message("{0} can start containers with the rights of root on the machine", "service")
CONTROLLER = Message("{0} holds the socket: whoever takes it over is root on the machine", "known")
SOCKETS = ("docker.sock", "podman.sock", "containerd.sock")
CONTROLLERS = frozenset(
    "traefik portainer portainer-ce watchtower autoheal dozzle cadvisor nginx-proxy docker-gen "
    "docker-socket-proxy promtail datadog-agent agent acme-companion diun".split()
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
    for mount in service.mounts:
        source = mount.source.rstrip("/")
        if source.endswith(SOCKETS) or source in ("/var/run", "/run"):
            known = base_name(service.image) in CONTROLLERS
            said = (CONTROLLER if known else ROOT)(service.name)
            yield Result(mount.location, said, level="warning" if known else None)
