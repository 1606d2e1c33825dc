"""A part of the machine's own system is mounted into the container.

Whoever gets in reads the machine's passwords and keys, or changes what it runs.

Fix: mount the one file or folder that is needed, read-only.

Sources: CIS Docker Benchmark 5.6; CWE-552.

```yaml bad compose.yaml {4,7}
services:
  web:
    image: example/web:1.0
    volumes: ["/etc:/host/etc"]
  api:
    image: example/api:1.0
    volumes: ["/var/lib/docker:/docker:ro"]
```

```yaml good compose.yaml
services:
  web:
    image: example/web:1.0
    volumes: ["/etc/localtime:/etc/localtime:ro", "/srv/shop:/data", "./etc:/etc/shop"]
  exporter:
    image: prom/node-exporter:v1.9.1
    volumes: ["/proc:/host/proc:ro"]
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.rule import Level, Message, Result, Results, rule

REACHES = Message("whoever gets into {0} reaches {1} of the machine")
FOLDERS = (
    "/etc /proc /sys /boot /dev /root /home /usr /lib /var/lib/docker ~/.ssh ~/.aws ~/.kube "
    "~/.docker"
).split()
GRAVE = ("/etc", "/root", "~/.ssh", "~/.aws", "~/.kube", "~/.docker")
SINGLE = ("/etc/localtime", "/etc/timezone", "/etc/letsencrypt", "/etc/ssl", "/dev/net/tun")


@rule("CMP029", "sensitive-host-path", "warning", "security", "CWE-552")
def check(service: Service) -> Results:
    for mount in service.mounts:
        source = mount.source.rstrip("/") or mount.source
        if mount.kind != "bind" or source.startswith(SINGLE) or source.endswith(".sock"):
            continue
        found = next((f for f in FOLDERS if source == f or source.startswith(f + "/")), "")
        if source in ("/", "~") or found:
            if service.kind == "agent" and mount.read_only:
                continue
            grave = not mount.read_only and (source == "/" or found in GRAVE)
            level: Level | None = "error" if grave else None
            yield Result(mount.location, REACHES(service.name, source), level=level)
