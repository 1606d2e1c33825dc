"""A container runs as root, or nothing keeps it from doing so.

A flaw in the application is then a flaw with root's rights over the container, its volumes and what
the kernel lets root do. `runAsNonRoot: true` makes the kubelet refuse such an image, whatever a
later build does.

Fix: set `runAsNonRoot: true` and a `runAsUser` in the pod's or the container's `securityContext`.

Intended: when an image must start as root; set `runAsUser: 0` nowhere else.

Sources: Kubernetes, "Pod Security Standards: Restricted"; CIS Kubernetes Benchmark 5.2.7; CWE-250.

```yaml bad {7,10,13}
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
    - name: unsaid
      securityContext: {allowPrivilegeEscalation: false}
    - name: root
      securityContext:
        runAsUser: 0
    - name: allowed
      securityContext:
        runAsNonRoot: false
```

```yaml bad {8,12}
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  initContainers:
    - name: prepare
      command: [chown, -R, "1000", /data]
      securityContext: {runAsUser: 0}
  containers:
    - name: web
      securityContext:
        runAsGroup: 0
        runAsUser: 1000
```

```yaml good
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  securityContext: {runAsUser: 0}
  containers:
    - name: own
      securityContext: {runAsUser: 1000}
---
apiVersion: v1
kind: Pod
metadata: {name: whole}
spec:
  securityContext: {runAsNonRoot: true}
  containers: [{name: web}, {name: number, securityContext: {runAsNonRoot: true, runAsUser: 10}}]
---
kind: Deployment
metadata: {name: patched}
spec: {template: {spec: {containers: [{name: web}]}}}
---
apiVersion: apps.openshift.io/v1
kind: DeploymentConfig
metadata: {name: shift}
spec: {template: {spec: {containers: [{name: web}]}}}
---
apiVersion: v1
kind: Pod
metadata: {name: windows}
spec: {nodeSelector: {kubernetes.io/os: windows}, containers: [{name: web}]}
---
apiVersion: v1
kind: Pod
metadata: {name: broken}
spec: {containers: null, initContainers: text, securityContext: []}
```

```yaml good base/kustomization.yaml
resources: [web.yaml]
```

```yaml good base/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
        - {name: web, securityContext: {runAsUser: 0}}
        - name: side
```

```yaml good overlays/production/kustomization.yaml
resources: [../../base]
patches:
  - target: {kind: Deployment, name: w.*}
    patch: |-
      - {op: replace, path: /spec/template/spec/containers/0/securityContext/runAsUser, value: 10}
      - {op: add, path: /spec/template/spec/securityContext, value: {runAsNonRoot: true}}
```
"""

import re

from flask_preflight.artifacts.kubernetes import Container
from flask_preflight.rule import Level, Message, Result, Results, rule
from flask_preflight_rules.kubernetes._nodes import is_agent

ROOT = Message("container {0} runs as root", "root")
MAY = Message("nothing keeps container {0} from running as root", "may")
GROUP = Message("container {0} runs with root's group", "group")


@rule(
    "K8S022",
    "may-run-as-root",
    "error",
    "security",
    "CWE-250",
    "CKV_K8S_23",
    "KSV-0012",
    "kube-linter:run-as-non-root",
    "polaris:runAsRootAllowed",
    "~kube-score:container-security-context-user-group-id",
)
def check(container: Container) -> Results:
    user, non_root = container.effective("runAsUser"), container.effective("runAsNonRoot")
    numbered = isinstance(user, int) and user > 0
    title = container.workload.title
    level: Level | None
    if user == 0 and not isinstance(user, bool) or non_root is False and not numbered:
        where = container.effective_at("runAsUser" if user == 0 else "runAsNonRoot")
        level = "warning" if _needs_root(container) else None
        yield Result(where, ROOT(container.name), level=level, subject=title)
    elif non_root is not True and not numbered and _may_judge(container):
        where = container.effective_at("runAsNonRoot")
        level = "note" if container.kind else "warning"
        yield Result(where, MAY(container.name), level=level, subject=title)
    elif numbered and container.effective("runAsGroup") == 0:
        where = container.effective_at("runAsGroup")
        yield Result(where, GROUP(container.name), level="warning", subject=title)


def _needs_root(container: Container) -> bool:
    """Containers that prepare volumes or the kernel, and agents of the nodes."""
    words = " ".join((container.name, *(container.command or ()), *(container.args or ())))
    if container.init and re.search(r"\b(?:chown|chmod|sysctl)\b", words):
        return True
    workload = container.workload
    return workload.kind == "DaemonSet" and container.kind != "" or is_agent(workload)


def _may_judge(container: Container) -> bool:
    """OpenShift gives pods of its own kind a user without being asked; Windows knows no numbers."""
    workload = container.workload
    if container.is_unconfined:
        # That nothing at all is said of it is said once, for the whole pod.
        return False
    windows = workload.spec.text("os", "name") == "windows" or (
        workload.spec.text("nodeSelector", "kubernetes.io/os") == "windows"
    )
    return workload.is_whole and workload.kind != "DeploymentConfig" and not windows
