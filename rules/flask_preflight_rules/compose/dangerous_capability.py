"""The container gets a right with which it leaves its bounds.

Whoever gets into it takes the machine, or reads and changes what others send.

Fix: remove it; few applications need any capability.

Sources: capabilities(7); CIS Docker Benchmark 5.3; CWE-250.

```yaml bad compose.yaml {4}
services:
  web:
    image: example/web:1.0
    cap_add: [SYS_ADMIN]
```

```yaml bad compose.yaml {4}
services:
  web:
    image: example/web:1.0
    cap_add: [NET_ADMIN]
```

```yaml good compose.yaml
services:
  web:
    image: example/web:1.0
    cap_add: [NET_BIND_SERVICE, CHOWN]
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.lazy import expression
from flask_preflight.rule import Level, Message, Result, Results, rule

LEAVES = Message("with {0} whoever gets into {1} leaves the container")
GRAVE = frozenset(
    "ALL SYS_ADMIN SYS_PTRACE SYS_MODULE SYS_RAWIO SYS_BOOT DAC_READ_SEARCH BPF NET_RAW".split()
)
HARMLESS = frozenset(
    "NET_BIND_SERVICE CHOWN SETUID SETGID FOWNER KILL DAC_OVERRIDE SYS_NICE IPC_LOCK AUDIT_WRITE "
    "SYS_CHROOT FSETID MKNOD SETPCAP SETFCAP".split()
)
"""Most of them Docker gives every container."""
NETWORKS = expression(r"wireguard|tailscale|pi-?hole|openvpn|gluetun|zerotier|netmaker")


@rule("CMP023", "dangerous-capability", "error", "security", "CWE-250")
def check(service: Service) -> Results:
    for one in service.spec.items_of("cap_add"):
        name = str(one).upper().removeprefix("CAP_")
        if name in HARMLESS or "$" in name:
            continue
        agent = service.kind in ("agent", "proxy") or NETWORKS.search(service.image) is not None
        level: Level | None = "note" if agent else None if name in GRAVE else "warning"
        yield Result(service.at("cap_add"), LEAVES(name, service.name), level=level)
