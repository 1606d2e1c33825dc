"""A variable is given twice.

The last value counts, without a word: whoever changes the first one wonders why nothing happens.

Fix: delete one of them.

Sources: Kubernetes, "Define Environment Variables for a Container".

```yaml bad k8s/web.yaml {14}
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
          env:
            - {name: MODE, value: fast}
            - {name: MODE, value: slow}
```

```yaml bad k8s/web.yaml {14}
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
          env:
            - {name: MODE, value: fast}
            - {name: MODE, value: fast}
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
          env:
            - {name: MODE, value: fast}
            - {name: COLOR, value: red}
```
"""

from flask_preflight.artifacts.kubernetes import Container
from flask_preflight.artifacts.yaml import Map
from flask_preflight.rule import Level, Message, Result, Results, rule

TWICE = Message("{0} is given twice to {1}: only the last value counts")


@rule(
    "K8S006",
    "duplicate-env-var",
    "warning",
    "configuration",
    "kube-linter:duplicate-env-var",
    "kube-score:environment-variable-key-duplication",
)
def check(container: Container) -> Results:
    seen: dict[str, Map] = {}
    for one in container.spec.maps("env"):
        name = one.text("name")
        before = seen.get(name)
        if name and before is not None:
            level: Level | None = "error" if before != one else None
            said = TWICE(name, container.name)
            yield Result(one.at("name"), said, level=level, subject=container.workload.title)
        seen[name] = one
