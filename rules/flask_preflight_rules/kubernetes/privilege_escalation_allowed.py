"""A process in the container may get more rights than it was started with.

A program with the setuid bit, or a hole in one, makes root of the user that the application runs
as.

Fix: `allowPrivilegeEscalation: false`.

Sources: Kubernetes, "Pod Security Standards: Restricted"; CWE-269.

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
            allowPrivilegeEscalation: true
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
            allowPrivilegeEscalation: false
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
            allowPrivilegeEscalation: false
```
"""

from flask_preflight.artifacts.kubernetes import Container
from flask_preflight.rule import Fix, Message, Replacement, Result, Results, rule

MORE = Message("a process in {0} may get more rights than it was started with")


@rule(
    "K8S023",
    "privilege-escalation-allowed",
    "warning",
    "security",
    "CWE-269",
    "CKV_K8S_20",
    "KSV-0001",
    "kube-linter:privilege-escalation-container",
    "polaris:privilegeEscalationAllowed",
)
def check(container: Container) -> Results:
    if container.spec.dig("securityContext", "allowPrivilegeEscalation") is True:
        if container.effective("privileged") is True:
            return
        value = container.spec.value_at("securityContext", "allowPrivilegeEscalation")
        fix = Fix("write false", (Replacement(value.path, value.region, "false"),), safe=True)
        where = container.at("securityContext", "allowPrivilegeEscalation")
        yield Result(where, MORE(container.name), fix=fix, subject=container.workload.title)
