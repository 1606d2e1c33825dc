"""Containers of a workload ask for no processor time or memory.

The scheduler puts the pod on a node that is already full, and when memory gets short there, pods
without requests are the first to be stopped.

Fix: set `resources.requests` for cpu and memory to what the container usually needs.

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
          resources: {requests: {memory: 128Mi}}
        - name: side
          resources: {limits: {cpu: 1, memory: 64Mi}}
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
          resources: {requests: {cpu: 100m, memory: 128Mi}}
        - name: limits
          resources: {limits: {cpu: 1, memory: 64Mi}}
---
apiVersion: v1
kind: Pod
metadata: {name: whole}
spec:
  resources: {requests: {cpu: 1, memory: 1Gi}}
  containers: [{name: web}]
```

```yaml good limits.yaml
apiVersion: v1
kind: LimitRange
metadata: {name: usual}
spec: {limits: [{type: Container, defaultRequest: {cpu: 100m, memory: 64Mi}}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {containers: [{name: web}]}
```
"""

from flask_preflight.artifacts.kubernetes import Container, Workload
from flask_preflight.rule import Level, Message, Result, Results, rule

NOTHING = Message("{0} of {1} asks for no {2}, so it is put on full nodes and stopped first")


@rule(
    "K8S080",
    "resource-requests-missing",
    "warning",
    "orchestration",
    "CWE-770",
    "CKV_K8S_10",
    "CKV_K8S_12",
    "KSV-0015",
    "KSV-0016",
    "polaris:cpuRequestsMissing",
    "polaris:memoryRequestsMissing",
    "kube-linter:unset-cpu-requirements",
    "kube-score:container-resources",
    sees="absent",
)
def check(workload: Workload) -> Results:
    lacking = [(one, missing) for one in workload.main if (missing := _missing(one))]
    if lacking:
        container, missing = lacking[0]
        names = ", ".join(one.name for one, _ in lacking)
        said = NOTHING(names, workload.title, " or ".join(missing))
        milder = workload.kind in ("Job", "CronJob") or all(one.kind for one, _ in lacking)
        level: Level | None = "note" if milder else None
        yield Result(container.at("resources", "requests"), said, level=level)


def _missing(container: Container) -> list[str]:
    workload, own = container.workload, container.spec.map("resources")
    if "claims" in own:
        return []
    given = set(workload.set.default_requests)
    for resources in (own, workload.spec.map("resources")):
        given.update(resources.map("requests"), resources.map("limits"))
    return [name for name in ("cpu", "memory") if name not in given]
