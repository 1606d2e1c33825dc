"""The container gets a right with which it leaves its bounds.

Whoever gets into it takes the node, or reads and changes what others send.

Fix: remove it, and drop all others: `capabilities: {drop: [ALL]}`.

Sources: Kubernetes, "Pod Security Standards: Baseline"; capabilities(7); CWE-250.

```yaml bad k8s/web.yaml {13}
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: example/web:1.0
          securityContext:
            capabilities: {add: [SYS_ADMIN]}
```

```yaml bad k8s/web.yaml {13}
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: example/web:1.0
          securityContext:
            capabilities: {add: [NET_RAW, IPC_LOCK]}
```

```yaml good k8s/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: example/web:1.0
          securityContext:
            capabilities: {add: [NET_BIND_SERVICE, CAP_CHOWN], drop: [ALL]}
```
"""

from flask_preflight.artifacts.kubernetes import Container
from flask_preflight.rule import Level, Message, Result, Results, rule, several

LEAVES = Message("with {0} whoever gets into {1} leaves the container")
MORE = Message("with {0} whoever gets into {1} can do more than any web application needs", "more")
BASELINE = frozenset(
    "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID "
    "SETPCAP SETUID SYS_CHROOT".split()
)
GRAVE = frozenset(
    "ALL SYS_ADMIN SYS_PTRACE SYS_MODULE SYS_RAWIO NET_ADMIN BPF DAC_READ_SEARCH".split()
)


@rule(
    "K8S025",
    "dangerous-capability-added",
    "error",
    "security",
    "CWE-250",
    "CKV_K8S_39",
    "polaris:dangerousCapabilities",
    "~polaris:insecureCapabilities",
)
def check(container: Container) -> Results:
    keys = ("securityContext", "capabilities", "add")
    given = (str(one).upper().removeprefix("CAP_") for one in container.spec.items_of(*keys))
    names = [name for name in given if name not in BASELINE and "$" not in name]
    grave = [name for name in names if name in GRAVE]
    agent = container.workload.kind == "DaemonSet" or container.kind == "agent"
    if names:
        level: Level | None = None if grave and not agent else "warning"
        said = (LEAVES if grave else MORE)(several(grave or names), container.name)
        yield Result(container.at(*keys), said, level=level, subject=container.workload.title)
