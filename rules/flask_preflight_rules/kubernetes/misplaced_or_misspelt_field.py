"""A field stands where Kubernetes knows no such field, so it is dropped without a word.

Helm, Argo CD and `kubectl --validate=false` accept it. The container then runs as root, without
probes or without limits, though the file says otherwise.

Fix: move it to where it belongs, or write it as Kubernetes does.

Sources: Kubernetes, "API reference", as in `_schema.py` beside this rule.

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
          x-note: ours
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


@rule("K8S009", "misplaced-or-misspelt-field", "warning", "orchestration")
def check(manifest: Manifest) -> Results:
    root = type_of(manifest.api_version, manifest.kind)
    for place in _places(Place(manifest.spec, root, manifest.kind, ())) if root else ():
        known = fields(place.type)
        for key in place.spec:
            if key not in known and key[:1].isalpha() and not key.startswith("x-"):
                said = _meant(key, place)
                if said is not None:
                    yield Result(place.spec.at(key), said, subject=manifest.title)


def _places(place: Place) -> Iterator[Place]:
    """The mapping and everything below it that has a type."""
    yield place
    known = fields(place.type)
    for key, value in place.spec.items():
        if known.get(key):
            for inner in value if isinstance(value, list) else [value]:
                if isinstance(inner, Map):
                    yield from _places(Place(inner, known[key], key, (place, *place.above)))


def _meant(key: str, place: Place) -> Text | None:
    """What to say of a key that is no field; None where nobody can tell what was meant."""
    known = fields(place.type)
    by_case = {field.lower(): field for field in known}
    if key.lower() in by_case:
        return CASE(key, by_case[key.lower()])
    below = _below(key, place.type)
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
