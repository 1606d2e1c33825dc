"""A key stands twice in one mapping, and the first of the two is dropped without a word.

Whoever reads the file believes in the first value; the cluster gets the second.

Fix: delete one of them.

Sources: YAML 1.2, 3.2.1.3 "Node Comparison".

```yaml bad k8s/web.yaml {12}
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
          image: acme/shop:1
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
```
"""

from collections.abc import Iterator

from flask_preflight.artifacts.kubernetes import Manifest
from flask_preflight.artifacts.yaml import Map, Node, Seq
from flask_preflight.result import Location
from flask_preflight.rule import Message, Result, Results, rule

TWICE = Message("{0} stands here a second time, and only this value counts")


@rule("K8S003", "manifest-duplicate-key", "error", "orchestration")
def check(manifest: Manifest) -> Results:
    for path, key, node in _repeated(manifest.spec):
        yield Result(Location(path, node.region), TWICE(key), subject=manifest.title)


def _repeated(document: Map) -> Iterator[tuple[str, str, Node]]:
    waiting: list[object] = [document]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Map):
            yield from ((one.path, key, node) for key, node in one.duplicates)
            waiting += one.values()
        elif isinstance(one, Seq):
            waiting += one
