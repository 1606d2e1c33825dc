"""A value that must be a text is written so that YAML makes a number or a truth value of it.

The cluster refuses the object: "cannot unmarshal number into Go struct field EnvVar.value of type
string".

Fix: put it in quotes.

Sources: Kubernetes, "API reference: EnvVar"; YAML 1.1, "Type repository".

```yaml bad k8s/web.yaml {13,14,15,21,23}
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
          env:
            - {name: PORT, value: 8000}
            - {name: DEBUG, value: no}
          args: [--workers, 3]
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: shop
  labels: {version: 1.10}
data:
  RETRIES: 5
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
          image: acme/shop:2
          env:
            - {name: PORT, value: "8000"}
            - {name: DEBUG, value: "no"}
          args: [--workers, "3"]
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: shop
  labels: {version: "1.10"}
data:
  RETRIES: "5"
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
          env:
            - {name: PORT, value: "8000"}
            - {name: VERSION, value: 1.2.3}
            - {name: AT, value: 22:22}
            - {name: DAY, value: 2026-01-01}
          args: [--workers, "3"]
```

```yaml good overlay/kustomization.yaml
resources: [web.yaml]
configMapGenerator:
  - {name: web, literals: [DEBUG=false], envs: [web.env]}
```

```yaml good overlay/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {template: {spec: {containers: [{name: web, envFrom: [{configMapRef: {name: web}}]}]}}}
```

```text good overlay/web.env
WORKERS=4
```
"""

from collections.abc import Iterator

from flask_preflight.artifacts.kubernetes import Manifest
from flask_preflight.artifacts.yaml import Key, Map, Seq
from flask_preflight.lazy import expression
from flask_preflight.rule import Fix, Message, Replacement, Result, Results, rule

NO_TEXT = Message("the cluster refuses this: {0} must be a text, and {1} is none without quotes")
_PLAIN = expression(
    r"(?:y|Y|n|N|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|true|True|TRUE|false|False|FALSE"
    r"|[-+]?(?:0|[1-9][0-9_]*|0[0-7_]+|0x[0-9a-fA-F_]+|0b[01_]+|0o[0-7_]+)"
    r"|[-+]?(?:\.[0-9]+|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z"
)
"""What the decoder of Kubernetes takes for something else than a text."""


@rule("K8S004", "value-not-string", "error", "orchestration", "~kube-linter:schema-validation")
def check(manifest: Manifest) -> Results:
    if manifest.is_generated:
        # Kustomize puts everything into quotes.
        return
    for owner, key, name in _texts(manifest):
        written = owner.written(key)
        if written is None or written.style or written.tag or not _PLAIN.match(written.text):
            continue
        where = owner.value_at(key)
        text = Replacement(where.path, where.region, f'"{written.text}"')
        fix = Fix("put it in quotes", (text,), safe=True)
        yield Result(where, NO_TEXT(name, written.text), fix=fix, subject=manifest.title)


def _texts(manifest: Manifest) -> Iterator[tuple[Map | Seq, Key, str]]:
    """Everything in an object that must be a text: its place in a mapping or list, its name."""
    spec = manifest.spec
    owners = [spec.map("metadata", "labels"), manifest.annotations]
    if manifest.kind == "ConfigMap" and not manifest.group:
        owners.append(spec.map("data"))
    if manifest.kind == "Secret" and not manifest.group:
        owners.append(spec.map("stringData"))
    template = manifest.template
    if template is not None:
        owners += [template.map("metadata", "labels"), template.map("metadata", "annotations")]
        owners.append(template.map("spec", "nodeSelector"))
        owners.append(spec.map("spec", "selector", "matchLabels"))
    for owner in owners:
        yield from ((owner, key, key) for key in owner)
    for kind in ("initContainers", "containers") if template is not None else ():
        for container in template.maps("spec", kind) if template is not None else ():
            yield from _of_container(container)


def _of_container(container: Map) -> Iterator[tuple[Map | Seq, Key, str]]:
    for variable in container.maps("env"):
        yield variable, "value", variable.text("name")
    for field in ("command", "args"):
        words = container.dig(field)
        if isinstance(words, Seq):
            yield from ((words, index, field) for index in range(len(words)))
