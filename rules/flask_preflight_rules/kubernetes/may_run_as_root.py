"""A container runs as root, or nothing keeps it from doing so.

A flaw in the application is then a flaw with root's rights over the container, its volumes and what
the kernel lets root do. `runAsNonRoot: true` makes the kubelet refuse such an image, whatever a
later build does.

Fix: set `runAsNonRoot: true` and a `runAsUser` in the pod's or the container's `securityContext`.

Intended: when an image must start as root; set `runAsUser: 0` nowhere else.

Sources: Kubernetes, "Pod Security Standards: Restricted"; CIS Kubernetes Benchmark 5.2.7; CWE-250.

```yaml bad {6,9,12}
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
    - name: nothing
    - name: root
      securityContext:
        runAsUser: 0
    - name: allowed
      securityContext:
        runAsNonRoot: false
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
```
"""

from flask_preflight.artifacts.kubernetes import Container
from flask_preflight.rule import Level, Message, Result, Results, rule

ROOT = Message("container {0} runs as root", "root")
MAY = Message("nothing keeps container {0} from running as root", "may")


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
)
def check(container: Container) -> Results:
    user, non_root = container.effective("runAsUser"), container.effective("runAsNonRoot")
    numbered = isinstance(user, int) and user > 0
    title = container.workload.title
    if user == 0 and not isinstance(user, bool) or non_root is False and not numbered:
        field = "runAsUser" if user == 0 else "runAsNonRoot"
        milder = container.init or container.kind != ""
        where = container.effective_at(field)
        yield Result(
            where, ROOT(container.name), level="warning" if milder else None, subject=title
        )
    elif non_root is not True and not numbered and _may_judge(container):
        where = container.effective_at("runAsNonRoot")
        level: Level = "note" if container.kind else "warning"
        yield Result(where, MAY(container.name), level=level, subject=title)


def _may_judge(container: Container) -> bool:
    """OpenShift gives pods of its own kind a user without being asked."""
    return container.workload.is_whole and container.workload.kind != "DeploymentConfig"
