"""A guard around the container is switched off.

It may then make calls to the kernel that Docker refuses to all others, and a hole in the kernel is
enough to leave it.

Fix: delete the option.

Sources: Docker, "Seccomp security profiles for Docker"; CIS Docker Benchmark 5.2, 5.3, 5.22.

```yaml bad compose.yaml {4}
services:
  web:
    image: example/web:1.0
    security_opt: ["seccomp:unconfined"]
```

```yaml good compose.yaml
services:
  web:
    image: example/web:1.0
    security_opt: ["no-new-privileges:true", "seccomp:profile.json"]
```

```yaml good compose.dev.yaml
services:
  web:
    image: example/web:1.0
    security_opt: ["seccomp:unconfined"]
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.rule import Message, Result, Results, rule

OFF = Message("{1} switches a guard around {0} off")
SWITCHES = (
    "seccomp=unconfined",
    "apparmor=unconfined",
    "label=disable",
    "no-new-privileges=false",
)


@rule(
    "CMP024",
    "confinement-disabled",
    "warning",
    "security",
    "semgrep:seccomp-confinement-disabled",
    "semgrep:selinux-separation-disabled",
)
def check(service: Service) -> Results:
    if service.project.kind != "compose":
        return
    for index, one in enumerate(service.spec.items_of("security_opt")):
        if str(one).lower().replace(":", "=", 1) in SWITCHES:
            yield Result(service.spec.at("security_opt", index), OFF(service.name, one))
