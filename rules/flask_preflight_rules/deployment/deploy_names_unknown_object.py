"""The pipeline deploys to an object that the manifests do not have.

`kubectl` ends with "not found", or changes a container that nobody meant; the deployment stays as
it was.

Fix: the name as it is in the manifest.

Sources: Kubernetes, "kubectl set image"; "kubectl rollout".

```yaml bad .github/workflows/deploy.yml {7,8}
on: {push: {branches: [main]}}
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: kubectl rollout restart deployment/shop-web
      - run: kubectl set image deployment/shop api=acme/shop:${{ github.sha }}
```

```yaml bad k8s/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: app, image: acme/shop}]
```

```yaml good .github/workflows/deploy.yml
on: {push: {branches: [main]}}
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: kubectl rollout restart deployment/$NAME
      - run: kubectl set image deployment/shop app=acme/shop:${{ github.sha }}
      - run: kubectl rollout status deployment/ingress-controller
      - run: kubectl rollout restart daemonset/log-agent statefulset/database
```

```yaml good k8s/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: app, image: acme/shop}]
```
"""

from flask_preflight.artifacts.ci import Pipeline, Step
from flask_preflight.artifacts.kubernetes import Workload
from flask_preflight.facts import Deployment
from flask_preflight.lazy import expression
from flask_preflight.rule import Location, Message, Result, Results, rule

NO_OBJECT = Message("the pipeline changes {0}, and the manifests only have {1}", "object")
NO_CONTAINER = Message("{0} has no container {1}, only {2}: kubectl changes nothing", "container")
ALIKE = 0.92
"""So alike are two names of which one is misspelt; objects of others are left alone."""
_NAMES = expression(
    r"\bkubectl\b[^\n|;&]*?\b(?:set image|rollout (?:status|restart|undo)|scale)\b[^\n|;&]*?\s"
    r"(deploy(?:ment)?|sts|statefulset|ds|daemonset)s?(?:\.apps)?[/ ]([a-z0-9][a-z0-9.-]*)(?=\s|\Z)"
    r"((?:\s+[a-z0-9-]+=\S+)*)"
)
KINDS = {
    "deploy": "Deployment",
    "deployment": "Deployment",
    "sts": "StatefulSet",
    "statefulset": "StatefulSet",
    "ds": "DaemonSet",
    "daemonset": "DaemonSet",
}


@rule("DEP072", "deploy-names-unknown-object", "error", "ci-cd", sees="relation")
def check(deployment: Deployment) -> Results:
    workloads = deployment[Workload]
    for pipeline in deployment[Pipeline] if workloads else ():
        for step in pipeline.steps:
            yield from _step(step, workloads)


def _step(step: Step, workloads: list[Workload]) -> Results:
    for command in step.judged:
        for found in _NAMES.finditer(command.text):
            kind = KINDS[found[1]]
            name = found[2]
            same = [one for one in workloads if one.kind == kind]
            fitting = [one for one in same if one.name == name]
            near = [one for one in same if _alike(one.name, name)]
            if not fitting and near and not any(one.name.endswith(name) for one in same):
                said = NO_OBJECT(f"{kind}/{name}", " and ".join(sorted({n.name for n in near})[:3]))
                yield Result(command.location, said, (near[0].manifest.at().saying("is here"),))
            if fitting:
                yield from _containers(command.location, fitting[0], found[3])


def _containers(where: Location, workload: Workload, given: str) -> Results:
    names = {one.name for one in workload.containers}
    for word in given.split():
        name = word.partition("=")[0]
        if name != "*" and name not in names and workload.is_whole:
            said = NO_CONTAINER(workload.title, name, " and ".join(sorted(names)))
            yield Result(where, said, (workload.at().saying("its containers"),))


def _alike(first: str, second: str) -> bool:
    """Whether one is meant for the other: "shop-web" for "shop", or a letter is wrong."""
    from difflib import SequenceMatcher

    ours, theirs = first.split("-"), second.split("-")
    if ours[0] == theirs[0] and (set(ours) <= set(theirs) or set(theirs) <= set(ours)):
        return True
    return SequenceMatcher(None, first, second).ratio() >= ALIKE
