"""The container gets a right over the kernel of the machine.

Whoever gets into it takes the machine with some of them, and changes how it runs with the others.

Fix: remove it; few applications need any capability that Docker does not give by itself.

Intended: for VPNs, which make network devices, and for agents that watch the machine; those that
are known by their images are only noted.

Sources: capabilities(7); CIS Docker Benchmark 5.3; CWE-250.

```yaml bad compose.yaml {4,7,11,15,18}
services:
  web:
    image: example/web:1.0
    cap_add: [CHOWN, SYS_ADMIN]
  api:
    image: example/api:1.0
    cap_add: [NET_ADMIN]
  debug:
    image: example/debug:1.0
    pid: host
    cap_add: [CAP_SYS_PTRACE]
  all:
    image: example/all:1.0
    cap_add:
      - ALL
  vpn:
    image: linuxserver/wireguard:1.0.20250521
    cap_add: [NET_ADMIN]
```

```yaml good compose.yaml
services:
  web:
    image: example/web:1.0
    cap_drop: [ALL]
    cap_add: [NET_BIND_SERVICE, CHOWN, NET_RAW, "${EXTRA}"]
  db:
    image: mysql:9
    cap_add: [SYS_NICE]
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.lazy import expression
from flask_preflight.rule import Level, Message, Result, Results, rule

LEAVES = Message("with {0} whoever gets into {1} takes the machine", "leaves")
MORE = Message("with {0} whoever gets into {1} reaches parts of the kernel that few need", "more")
GRAVE = frozenset("ALL SYS_ADMIN SYS_MODULE SYS_RAWIO DAC_READ_SEARCH BPF".split())
SHARED = {"SYS_PTRACE": "pid", "NET_ADMIN": "network_mode"}
"""What takes the machine only where the container shares this with it."""
HARMLESS = frozenset(
    "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW SETFCAP "
    "SETGID SETPCAP SETUID SYS_CHROOT IPC_LOCK SYS_NICE".split()
)
"""What Docker gives every container, and what databases ask for."""
NETWORKS = expression(r"wireguard|tailscale|pi-?hole|openvpn|gluetun|zerotier|netmaker")


@rule("CMP023", "dangerous-capability", "error", "security", "CWE-250")
def check(service: Service) -> Results:
    for index, one in enumerate(service.spec.items_of("cap_add")):
        name = str(one).upper().removeprefix("CAP_")
        if name in HARMLESS or "$" in name:
            continue
        grave = name in GRAVE or service.spec.text(SHARED.get(name, "-")) == "host"
        level: Level | None = "note" if _is_known(service, name) else None if grave else "warning"
        said = LEAVES if grave else MORE
        yield Result(service.spec.at("cap_add", index), said(name, service.name), level=level)


def _is_known(service: Service, name: str) -> bool:
    """Whether the product is made to be given this."""
    is_network = name in ("NET_ADMIN", "SYS_MODULE") and NETWORKS.search(service.image) is not None
    return service.kind in ("agent", "proxy") or is_network
