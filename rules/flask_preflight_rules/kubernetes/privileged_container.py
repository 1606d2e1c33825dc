"""A container is privileged.

It has every right that root has on the node, so whoever gets into it owns the node and everything
that runs there.

Fix: remove `privileged: true`; add the one capability that is needed, if any is.

Sources: Kubernetes, "Pod Security Standards: Baseline"; CIS Kubernetes Benchmark 5.2.2; CWE-250.

```yaml bad {8,11}
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  initContainers:
    - name: prepare
      securityContext:
        privileged: true
  containers:
    - name: web
      securityContext: {privileged: true}
```

```yaml bad {9}
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, namespace: kube-system}
spec:
  template:
    spec:
      containers:
        - name: agent
          securityContext: {privileged: true}
```

```yaml good
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
    - name: web
      securityContext: {privileged: false}
    - name: text
      securityContext: {privileged: "true"}
    - name: plain
```
"""

from flask_preflight.artifacts.kubernetes import Container
from flask_preflight.rule import Message, Result, Results, rule

PRIVILEGED = Message("container {0} is privileged: whoever gets into it owns the node")


@rule(
    "K8S020",
    "privileged-container",
    "error",
    "security",
    "CWE-250",
    "CKV_K8S_16",
    "KSV-0017",
    "kube-linter:privileged-container",
    "kube-score:container-security-context-privileged",
    "polaris:runAsPrivileged",
)
def check(container: Container) -> Results:
    if container.effective("privileged") is True:
        workload = container.workload
        system = workload.manifest.namespace == "kube-system" or container.kind != ""
        milder = workload.kind == "DaemonSet" and system
        where = container.at("securityContext", "privileged")
        said = PRIVILEGED(container.name)
        yield Result(where, said, level="warning" if milder else None, subject=workload.title)
