"""A part of the machine's own system, or somebody's credentials, is mounted into the container.

Whoever gets in reads the passwords and keys of the machine, or changes what it runs.

Fix: mount the one file or folder that is needed, read-only.

Intended: for agents that watch the machine; those are known by their images and may read.

Sources: CIS Docker Benchmark 5.6; CWE-552.

```yaml bad compose.yaml {4,7,11,12,13,14}
services:
  web:
    image: example/web:1.0
    volumes: ["/etc:/host/etc"]
  api:
    image: example/api:1.0
    volumes: ["/var/lib/docker:/docker:ro"]
  deploy:
    image: example/deploy:1.0
    volumes:
      - ${HOME}/.ssh:/root/.ssh
      - ~/.aws:/root/.aws:ro
      - /etc/cron.d:/etc/cron.d
      - {type: bind, source: /, target: /host}
```

```yaml good compose.yaml
services:
  web:
    image: example/web:1.0
    volumes:
      - /etc/localtime:/etc/localtime:ro
      - /etc/passwd:/etc/passwd:ro
      - /etc/letsencrypt:/etc/letsencrypt
      - /etc/shop:/etc/shop
      - /home/deploy/uploads:/uploads
      - /srv/shop:/data
      - ./etc:/etc/other
      - etc:/var/lib/etc
  exporter:
    image: prom/node-exporter:v1.9.1
    volumes: ["/proc:/host/proc:ro", "/:/rootfs:ro"]
  vpn:
    image: linuxserver/wireguard:1.0.20250521
    volumes: ["/lib/modules:/lib/modules:ro", "/dev/net/tun:/dev/net/tun"]
volumes:
  etc:
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.facts import Mount
from flask_preflight.lazy import expression
from flask_preflight.rule import Level, Message, Result, Results, rule

REACHES = Message("whoever gets into {0} reaches {1} of the machine")
CREDENTIALS = expression(
    r"(?:~|/root|/home/[^/]+)/\.(?:ssh|aws|kube|docker|gnupg|config/gcloud)(?:/|\Z)|/etc/shadow\Z"
)
CONTROL = expression(
    r"/(?:etc(?:/(?:sudoers(?:\.d)?|cron[^/]*|ssh|pam\.d|systemd|ld\.so[^/]*|docker|kubernetes"
    r"|init\.d|passwd|group|profile(?:\.d)?))?|root|boot|var/lib/(?:docker|kubelet))?/?\Z"
)
"""Who writes there decides what the machine runs, and as whom."""
WHOLE = expression(
    r"(?:~|/(?:home|usr|lib|lib64|bin|sbin|dev|proc|sys|var)|/usr/(?:local/)?s?bin)/?\Z"
)
READABLE = ("/etc/passwd", "/etc/group")


@rule("CMP029", "sensitive-host-path", "warning", "security", "CWE-552")
def check(service: Service) -> Results:
    for mount in service.mounts:
        source = mount.source.replace("${HOME}", "~").replace("$HOME", "~")
        watches = service.kind == "agent" and mount.read_only
        if mount.kind == "bind" and not watches and _is_sensitive(source, mount):
            grave = not mount.read_only and not WHOLE.match(source)
            level: Level | None = "error" if grave else None
            yield Result(mount.location, REACHES(service.name, source), level=level)


def _is_sensitive(source: str, mount: Mount) -> bool:
    if mount.read_only and source in READABLE:
        return False
    return any(pattern.match(source) for pattern in (CREDENTIALS, CONTROL, WHOLE))
