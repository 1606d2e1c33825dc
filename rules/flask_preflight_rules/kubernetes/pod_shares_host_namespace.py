"""The pod shares a part of the node that should be its own.

With the node's network it reaches what listens on it and goes around network policies; with its
processes it sees and ends those of others.

Fix: delete the line.

Sources: Kubernetes, "Pod Security Standards: Baseline"; CWE-653.

```yaml bad k8s/web.yaml {9}
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      hostNetwork: true
      containers:
        - name: web
          image: example/web:1.0
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
      hostNetwork: false
      containers:
        - name: web
          image: example/web:1.0
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
      hostNetwork: false
      containers:
        - name: web
          image: example/web:1.0
```
"""

from flask_preflight.artifacts.kubernetes import Workload
from flask_preflight.rule import Level, Message, Result, Results, rule
from flask_preflight_rules.kubernetes._nodes import is_agent

SHARES = Message("{0} shares {1} with its node and all that runs on it")
FIELDS = {"hostNetwork": "the network", "hostPID": "the processes", "hostIPC": "the memory"}


@rule(
    "K8S030",
    "pod-shares-host-namespace",
    "error",
    "security",
    "CWE-653",
    "CKV_K8S_17",
    "CKV_K8S_18",
    "CKV_K8S_19",
    "KSV-0008",
    "KSV-0009",
    "KSV-0010",
    "kube-linter:host-network",
    "kube-linter:host-pid",
    "kube-linter:host-ipc",
    "polaris:hostNetworkSet",
    "polaris:hostPIDSet",
    "polaris:hostIPCSet",
)
def check(workload: Workload) -> Results:
    level: Level | None = "note" if is_agent(workload) else None
    for field, what in FIELDS.items():
        if workload.spec.dig(field) is True:
            fix = workload.spec.instead("false", field)
            yield Result(workload.at(field), SHARES(workload.title, what), fix=fix, level=level)
