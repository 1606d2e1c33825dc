"""The container may make every call to the kernel.

A hole in the kernel is then enough to leave it; the profile of the runtime refuses the calls that
such holes need.

Fix: `seccompProfile: {type: RuntimeDefault}`.

Sources: Kubernetes, "Restrict a Container's Syscalls with seccomp".

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
            seccompProfile: {type: Unconfined}
```

```yaml fixed k8s/web.yaml
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
            seccompProfile: {type: RuntimeDefault}
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
            seccompProfile: {type: RuntimeDefault}
```
"""

from flask_preflight.artifacts.kubernetes import Container
from flask_preflight.artifacts.yaml import Map
from flask_preflight.rule import Message, Result, Results, rule

EVERY = Message("{0} may make every call to the kernel, and one hole in it is enough to get out")


@rule("K8S028", "seccomp-unconfined", "warning", "security", "KSV-0104")
def check(container: Container) -> Results:
    profile = container.effective("seccompProfile")
    if isinstance(profile, Map) and profile.text("type") == "Unconfined":
        where = container.effective_at("seccompProfile")
        fix = profile.instead("RuntimeDefault", "type")
        yield Result(where, EVERY(container.name), fix=fix, subject=container.workload.title)
