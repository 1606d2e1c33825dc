"""Containers of a workload may take all memory of their node.

One leak, or one large upload, then starves every other pod on the node instead of this one.

Fix: set `resources.limits.memory`. A limit of processor time is not needed for this.

Sources: Kubernetes, "Resource Management for Pods and Containers"; CWE-770.

```yaml bad {9}
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
        - name: web
          resources: {requests: {memory: 128Mi, cpu: 100m}}
        - name: zero
          resources: {limits: {memory: 0}}
```

```yaml good
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      initContainers: [{name: prepare}]
      containers:
        - name: web
          resources: {limits: {memory: 256Mi}}
---
apiVersion: v1
kind: Pod
metadata: {name: whole}
spec:
  resources: {limits: {memory: 1Gi}}
  containers: [{name: web}]
---
kind: Deployment
metadata: {name: patched}
spec: {template: {spec: {containers: [{name: web}]}}}
```

```yaml good limits.yaml
apiVersion: v1
kind: LimitRange
metadata: {name: usual}
spec: {limits: [{type: Container, default: {memory: 64Mi}}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {containers: [{name: web}]}
```

```yaml good base/kustomization.yaml
resources: [web.yaml]
```

```yaml good base/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {template: {spec: {containers: [{name: web}]}}}
```

```yaml good overlays/production/kustomization.yaml
resources: [../../base]
patches:
  - patch: |
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        template:
          spec:
            containers:
              - name: web
                resources: {limits: {memory: 256Mi}}
```
"""

from flask_preflight.artifacts.kubernetes import Container, Workload
from flask_preflight.rule import Level, Message, Result, Results, rule

STARVES = Message("{0} of {1} may take all memory of its node")


@rule(
    "K8S081",
    "memory-limit-missing",
    "warning",
    "orchestration",
    "CWE-770",
    "CKV_K8S_13",
    "KSV-0018",
    "kube-linter:unset-memory-requirements",
    "polaris:memoryLimitsMissing",
    "kube-score:container-resources",
    sees="absent",
)
def check(workload: Workload) -> Results:
    if workload.spec.text("resources", "limits", "memory"):
        return
    if "memory" in workload.set.default_limits:
        return
    lacking = [one for one in workload.main if _lacks(one)]
    if lacking:
        names = ", ".join(one.name for one in lacking)
        milder = workload.kind in ("Job", "CronJob") or all(one.kind for one in lacking)
        level: Level | None = "note" if milder else None
        where = lacking[0].at("resources", "limits", "memory")
        yield Result(where, STARVES(names, workload.title), level=level)


def _lacks(container: Container) -> bool:
    if "claims" in container.spec.map("resources"):
        return False
    return container.spec.text("resources", "limits", "memory") in ("", "0")
