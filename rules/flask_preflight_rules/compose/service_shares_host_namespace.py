"""The container shares a part of the machine that should be its own.

With the machine's network it reaches, and is reached at, every port of it; with its processes it
sees and ends those of others.

Fix: delete the line, and publish the ports that are needed.

Sources: Docker, "Host network driver"; CIS Docker Benchmark 5.10, 5.16, 5.17.

```yaml bad compose.yaml {4,5}
services:
  web:
    image: example/web:1.0
    network_mode: host
    pid: host
```

```yaml bad compose.yaml {4}
services:
  exporter:
    image: prom/node-exporter:v1.9.1
    network_mode: host
```

```yaml good compose.yaml
services:
  web:
    image: example/web:1.0
    network_mode: bridge
```

```yaml good compose.dev.yaml
services:
  web:
    image: example/web:1.0
    network_mode: host
```

```yaml good docker-stack.yml
services:
  web:
    image: example/web:1.0
    network_mode: host
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.rule import Level, Message, Result, Results, rule

SHARES = Message("{0} shares {1} with the machine and all that runs on it")
KEYS = {
    "network_mode": "its network",
    "pid": "its processes",
    "ipc": "its memory",
    "uts": "its name",
    "userns_mode": "its users",
    "cgroup": "its limits",
}


@rule("CMP022", "service-shares-host-namespace", "warning", "security")
def check(service: Service) -> Results:
    for key, what in KEYS.items():
        if service.spec.dig(key) == "host" and service.project.kind == "compose":
            level: Level | None = "note" if service.kind == "agent" else None
            yield Result(service.at(key), SHARES(service.name, what), level=level)
