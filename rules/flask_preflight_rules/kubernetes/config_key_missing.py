"""A variable is to come from a key that does not exist.

The container does not start: CreateContainerConfigError.

Fix: add the key to the ConfigMap, or correct its name.

Sources: Kubernetes, "Configure a Pod to Use a ConfigMap".

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
            - name: MODE
              valueFrom: {configMapKeyRef: {name: web, key: MODUS}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: web}
data: {MODE: fast}
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
            - name: MODE
              valueFrom: {configMapKeyRef: {name: web, key: MODE}}
            - name: COLOR
              valueFrom: {configMapKeyRef: {name: web, key: COLOR, optional: true}}
            - name: FAR
              valueFrom: {configMapKeyRef: {name: other, key: FAR}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: web}
data: {MODE: fast}
```
"""

from flask_preflight.artifacts.kubernetes import Container
from flask_preflight.rule import Message, Result, Results, rule

NONE = Message("{0} does not start: {1} has no key {2}")
KINDS = {"configMapKeyRef": "ConfigMap", "secretKeyRef": "Secret"}


@rule(
    "K8S125",
    "config-key-missing",
    "error",
    "configuration",
    "kube-linter:env-value-from",
    sees="relation",
)
def check(container: Container) -> Results:
    workload = container.workload
    for one in container.spec.maps("env"):
        for reference, kind in KINDS.items():
            given = one.map("valueFrom", reference)
            source = workload.set.find(kind, given.text("name")) if given else None
            if source is None or given.dig("optional") is True or not source.is_whole:
                continue
            if source.is_generated or not workload.is_whole:
                continue
            keys = [*source.spec.map("data"), *source.spec.map("binaryData")]
            keys += list(source.spec.map("stringData"))
            if given.text("key") not in map(str, keys):
                said = NONE(container.name, source.title, given.text("key"))
                related = (source.at("metadata").saying("its keys"),)
                yield Result(one.at("valueFrom"), said, related, subject=workload.title)
