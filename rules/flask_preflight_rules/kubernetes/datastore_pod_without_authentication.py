"""The database asks nobody for a password.

Every pod of the cluster reads and deletes everything.

Fix: a password from a Secret, and a NetworkPolicy.

Sources: Docker Official Images, "postgres: POSTGRES_HOST_AUTH_METHOD"; CWE-306.

```yaml bad k8s/web.yaml {13}
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      containers:
        - name: db
          image: postgres:17
          env:
            - {name: POSTGRES_HOST_AUTH_METHOD, value: trust}
```

```yaml bad k8s/web.yaml {12}
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      containers:
        - name: db
          image: redis:8
          args: [redis-server, --protected-mode, "no"]
```

```yaml good k8s/web.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      containers:
        - name: db
          image: postgres:17
          env:
            - name: POSTGRES_PASSWORD
              valueFrom: {secretKeyRef: {name: db, key: password}}
```

```yaml good k8s/shared.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: db}
data: {MYSQL_ALLOW_EMPTY_PASSWORD: "true"}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
        - {name: web, image: "example/web:1.0", envFrom: [{configMapRef: {name: db}}]}
```
"""

from flask_preflight.artifacts.kubernetes import Container
from flask_preflight.facts import Variable
from flask_preflight.rule import Message, Result, Results, rule

NOBODY = Message("{0} asks nobody for a password ({1})")
EMPTY = (
    "MYSQL_ALLOW_EMPTY_PASSWORD",
    "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD",
    "ALLOW_EMPTY_PASSWORD",
)
YES = ("1", "yes", "true", "on")


@rule("K8S128", "datastore-pod-without-authentication", "error", "security", "CWE-306")
def check(container: Container) -> Results:
    subject = container.workload.title
    for variable in container.environment.variables:
        value = (variable.value or "").lower()
        trusts = variable.name == "POSTGRES_HOST_AUTH_METHOD" and value == "trust"
        empty = variable.name in EMPTY and value in YES
        off = variable.name == "xpack.security.enabled" and value == "false"
        if (trusts or empty or off) and _is_for(container, variable):
            said = NOBODY(container.name, variable.name)
            yield Result(variable.location, said, subject=subject)
    words = " ".join((*(container.command or ()), *(container.args or ())))
    if "--protected-mode no" in words or "--noauth" in words.split():
        said = NOBODY(container.name, "its command")
        yield Result(container.at("args"), said, level="warning", subject=subject)


def _is_for(container: Container, variable: Variable) -> bool:
    """Whether the container reads it, rather than shares a ConfigMap with one that does."""
    return container.kind == "datastore" or not container.kind and variable.source == "env"
