"""A kustomization names a file that is not there.

`kustomize build` and `kubectl apply -k` end with "no such file or directory", and nothing is
deployed.

Fix: correct the path, or commit the file.

Sources: Kustomize, "The kustomization file".

```yaml bad k8s/kustomization.yaml {5,7}
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - web.yaml
  - servce.yaml
patches:
  - path: patches/replicas.yaml
```

```yaml bad k8s/web.yaml
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

```yaml good k8s/kustomization.yaml
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - web.yaml
  - https://example.org/crds.yaml
  - github.com/acme/base//k8s?ref=v1
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

from flask_preflight.artifacts.kubernetes_kustomize import Kustomization
from flask_preflight.rule import Level, Message, Result, Results, rule

ABSENT = Message("kustomize stops here: {0} is not in the repository")


@rule("K8S180", "kustomize-file-missing", "error", "orchestration", development=True)
def check(kustomization: Kustomization) -> Results:
    for name, keys in kustomization.missing:
        # What a secret is made from is left out of repositories on purpose.
        if keys[0] == "secretGenerator" or name.endswith((".env", ".key", ".pem", ".crt")):
            continue
        # Whoever deploys may put the file of a generator there.
        level: Level | None = "warning" if keys[0] == "configMapGenerator" else None
        yield Result(kustomization.spec.value_at(*keys), ABSENT(name), level=level)
