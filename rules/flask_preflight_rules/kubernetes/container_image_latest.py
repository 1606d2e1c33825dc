"""The container runs whatever its registry serves on that day.

A pod that starts anew may get another version than its neighbours, and nobody can go back to the
one that worked.

Fix: name a version or a digest, `image: example/web:1.4.2`.

Sources: Kubernetes, "Images"; CWE-1357.

```yaml bad k8s/web.yaml {11}
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
          image: example/web:latest
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
        - name: pinned
          image: >-
            example/other@sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d
        - name: later
          image: example/third:$TAG
```
"""

from flask_preflight.artifacts.dockerfile_base import reference
from flask_preflight.artifacts.image import Image
from flask_preflight.artifacts.kubernetes import Container
from flask_preflight.facts import Build, Deployment
from flask_preflight.rule import Message, Result, Results, rule

FLOATS = Message("{0} runs whatever the registry serves as {1} on that day")


@rule(
    "K8S050",
    "container-image-latest",
    "warning",
    "container",
    "CWE-1357",
    "CKV_K8S_14",
    "KSV-0013",
    "kube-linter:latest-tag",
    "kube-score:container-image-tag",
    "polaris:tagNotSpecified",
)
def check(deployment: Deployment) -> Results:
    # Skaffold and the like replace the names of images that are built here.
    built = {run.part for image in deployment[Image] for run in image.runs}
    names = {reference(name).repository for build in deployment[Build] for name in build.names}
    for container in deployment[Container]:
        image = container.image
        if container.role != "production" or not image or container in built:
            continue
        found = reference(image)
        floats = not found.digest and found.tag in ("", "latest")
        if floats and found.repository not in names and not any(s in image for s in "${<"):
            said = FLOATS(container.name, image)
            yield Result(container.at("image"), said, subject=container.workload.title)
