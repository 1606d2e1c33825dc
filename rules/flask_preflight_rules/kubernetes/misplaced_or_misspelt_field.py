"""A field stands where Kubernetes knows no such field, so it is dropped without a word.

Helm, Argo CD and `kubectl --validate=false` accept it. The container then runs as root, without
probes or without limits, though the file says otherwise.

Fix: move it to where it belongs, or write it as Kubernetes does.

Sources: Kubernetes, "API reference", as in `_schema.py` beside this rule; Kubernetes, "Deprecated
API Migration Guide".

```yaml bad k8s/web.yaml {9,13,14,15,16}
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      privileged: false
      containers:
        - name: web
          image: acme/shop:2
          runAsUser: 1000
          limits: {memory: 256Mi}
          livenessprobe: {httpGet: {path: /, port: 8000}}
          securityContext: {readOnlyRootFileSystem: true}
```

```yaml bad k8s/ingress.yaml {5,9,9,17,25,27}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:
  backend: {serviceName: web, servicePort: 80}
  rules:
    - http:
        paths:
          - {path: /, pathType: Prefix, backend: {serviceName: web, servicePort: 80}}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports:
    - {port: 80, targetport: 8000}
---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: web}
spec:
  template:
    spec:
      securityContext: {readOnlyRootFilesystem: true}
      containers:
        - {name: web, image: "acme/shop:2", runAsUser: 1000}
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
      securityContext: {runAsNonRoot: true}
      containers:
        - name: web
          image: acme/shop:2
          securityContext: {runAsUser: 1000, readOnlyRootFilesystem: true}
          resources: {limits: {memory: 256Mi}}
          livenessProbe: {httpGet: {path: /, port: 8000}}
          somethingNew: true
          x-note: ours
```

```yaml good k8s/old.yaml
apiVersion: extensions/v1beta1
kind: Ingress
metadata: {name: web}
spec:
  backend: {serviceName: web, servicePort: 80}
---
apiVersion: serving.knative.dev/v1
kind: Service
metadata: {name: web}
spec: {template: {spec: {containerConcurrency: 8, containers: [{image: "acme/shop:2"}]}}}
```
"""

from collections.abc import Iterator
from typing import NamedTuple

from flask_preflight.artifacts.kubernetes import Manifest
from flask_preflight.artifacts.yaml import Map
from flask_preflight.result import Text
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.kubernetes._fields import fields, type_of

CASE = Message("{0} is no field here and is dropped: Kubernetes writes {1}", "case")
PLACE = Message("{0} is no field of {1} and is dropped: it belongs to {2}", "place")
TITLES = {
    "V1PodSpec": "a pod",
    "V1Container": "a container",
    "V1PodSecurityContext": "the securityContext of a pod",
    "V1SecurityContext": "the securityContext of a container",
}
TWINS = {
    "V1PodSecurityContext": "V1SecurityContext",
    "V1SecurityContext": "V1PodSecurityContext",
}
RENAMED = {
    ("V1IngressBackend", "serviceName"): "service.name",
    ("V1IngressBackend", "servicePort"): "service.port",
    ("V1IngressSpec", "backend"): "defaultBackend",
    ("V2HorizontalPodAutoscalerSpec", "targetCPUUtilizationPercentage"): "metrics",
    ("V2ResourceMetricSource", "targetAverageUtilization"): "target.averageUtilization",
    ("V2ResourceMetricSource", "targetAverageValue"): "target.averageValue",
}
"""What versions that are gone called it."""
OFTEN = ("securityContext", "resources", "metadata", "spec", "template", "containers")
ALIKE = 0.87
"""Of so many letters that a name is surely meant, and no shorter ones."""


class Place(NamedTuple):
    """A mapping with its type, the field that holds it, and the places around it, nearest first."""

    spec: Map
    type: str
    field: str
    above: tuple["Place", ...]

    @property
    def title(self) -> str:
        return TITLES.get(self.type, f"the {self.field}")


@rule(
    "K8S009",
    "misplaced-or-misspelt-field",
    "warning",
    "orchestration",
    "~kube-linter:schema-validation",
)
def check(manifest: Manifest) -> Results:
    for place in _all(manifest):
        known = fields(place.type)
        for key in place.spec:
            if key not in known and key[:1].isalpha() and not key.startswith("x-"):
                said = _meant(key, place)
                if said is not None:
                    yield Result(place.spec.at(key), said, subject=manifest.title)


def _all(manifest: Manifest) -> Iterator[Place]:
    """What has a type: the whole object, or the pods of what is no kind of Kubernetes' own."""
    root = type_of(manifest.api_version, manifest.kind)
    if root:
        yield from _places(Place(manifest.spec, root, manifest.kind, ()), set())
    elif manifest.template is not None and manifest.group != "serving.knative.dev":
        yield from _places(Place(manifest.template, "V1PodTemplateSpec", "template", ()), set())


def _places(place: Place, seen: set[int]) -> Iterator[Place]:
    """The mapping and everything below it that has a type; aliases are looked at once."""
    if id(place.spec) in seen:
        return
    seen.add(id(place.spec))
    yield place
    known = fields(place.type)
    for key, value in place.spec.items():
        if known.get(key):
            for inner in value if isinstance(value, list) else [value]:
                if isinstance(inner, Map):
                    yield from _places(Place(inner, known[key], key, (place, *place.above)), seen)


def _meant(key: str, place: Place) -> Text | None:
    """What to say of a key that is no field; None where nobody can tell what was meant."""
    known = fields(place.type)
    by_case = {field.lower(): field for field in known}
    meant = RENAMED.get((place.type, key)) or by_case.get(key.lower())
    if meant:
        return CASE(key, meant)
    twin = TWINS.get(place.type, "")
    below = TITLES[twin] if key in fields(twin) else _below(key, place.type)
    if below:
        return PLACE(key, place.title, below)
    around = next((one.title for one in place.above if key in fields(one.type)), "")
    if around:
        return PLACE(key, place.title, around)
    from difflib import get_close_matches

    near = get_close_matches(key, known, 1, ALIKE) if len(key) > 5 else []
    return CASE(key, near[0]) if near else None


def _below(key: str, type: str, depth: int = 2) -> str:
    """The title of what has such a field, among the mappings that it is often taken for."""
    inner = [(name, fields(type)[name]) for name in OFTEN if fields(type).get(name)]
    for name, held in inner:
        if key in fields(held):
            return TITLES.get(held, f"its {name}")
    deeper = (_below(key, held, depth - 1) for _, held in inner) if depth > 1 else ()
    return next(filter(None, deeper), "")
