"""Kubernetes refuses to start the container, because its image runs as root.

`runAsNonRoot` asks for another user, and the image names none by its number: the pod stays in
CreateContainerConfigError.

Fix: `USER 10001` in the Dockerfile, or `runAsUser: 10001` beside `runAsNonRoot`.

Sources: Kubernetes, "Configure a Security Context for a Pod or Container".

```dockerfile bad Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
```

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
            runAsNonRoot: true
```

```yaml bad compose.yaml
services:
  web:
    build: .
    image: example/web:1.0
```

```dockerfile good Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
USER 10001
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
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
            runAsNonRoot: true
```

```yaml good compose.yaml
services:
  web:
    build: .
    image: example/web:1.0
```
"""

from flask_preflight.artifacts.image import is_root
from flask_preflight.artifacts.kubernetes import Container
from flask_preflight.facts import Entry
from flask_preflight.rule import Message, Result, Results, rule

REFUSED = Message("Kubernetes refuses to start {0}: its image runs as {1}")


@rule("DEP102", "root-image-refused", "error", "orchestration", sees="relation")
def check(entry: Entry) -> Results:
    part, image = entry.part, entry.image
    if not isinstance(part, Container) or image is None:
        return
    if part.effective("runAsNonRoot") is not True or part.effective("runAsUser") is not None:
        return
    user = image.user
    unset = user == "" and image.stage.facts.root is True
    named = bool(user) and not str(user).partition(":")[0].isdigit()
    if unset or named or user and is_root(user):
        last = image.stage.last("USER")
        where = last.location if last is not None else image.at()
        said = REFUSED(entry.title, user or "root, its base's user")
        yield Result(part.effective_at("runAsNonRoot"), said, (where,))
