"""Nothing limits what the processes of a pod may do.

They run as whatever user the image has, root mostly, with the capabilities of a container of 2013,
on a root that they can write to; whoever gets into one has all of that.

Fix: for the pod `runAsNonRoot: true` and `seccompProfile: {type: RuntimeDefault}`, for the
container `allowPrivilegeEscalation: false` and `capabilities: {drop: [ALL]}`.

Sources: Kubernetes, "Pod Security Standards: Restricted"; CIS Kubernetes Benchmark, 5.7.3.

```yaml bad k8s/web.yaml {10}
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
          image: acme/shop:2
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
          image: acme/shop:2
          securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
      securityContext:
        runAsNonRoot: true
        seccompProfile: {type: RuntimeDefault}
```
"""

from flask_preflight.artifacts.kubernetes import Workload
from flask_preflight.rule import Level, Message, Result, Results, rule, several

FREE = Message("nothing limits what the processes of {0} may do")


@rule(
    "K8S021",
    "no-security-context",
    "warning",
    "security",
    "CWE-250",
    "CKV_K8S_30",
    "KSV-0118",
    "~kube-linter:drop-net-raw-capability",
    "~kube-linter:no-read-only-root-fs",
    "~kube-score:container-security-context-readonlyrootfilesystem",
    "~polaris:linuxHardening",
    "~polaris:notReadOnlyRootFilesystem",
    sees="absent",
)
def check(workload: Workload) -> Results:
    if not workload.is_whole or workload.kind == "DeploymentConfig" or _is_windows(workload):
        return
    free = [one for one in workload.main if one.is_unconfined]
    if free:
        level: Level | None = "note" if all(one.kind for one in free) else None
        yield Result(
            free[0].at(),
            FREE(several(one.name for one in free)),
            level=level,
            subject=workload.title,
        )


def _is_windows(workload: Workload) -> bool:
    spec = workload.spec
    named = spec.text("nodeSelector", "kubernetes.io/os")
    return "windows" in (spec.text("os", "name"), named)
