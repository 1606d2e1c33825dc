"""A field stands where Kubernetes knows no such field, so it is dropped without a word.

Helm, Argo CD and `kubectl --validate=false` accept it. The container then runs as root, without
probes or without limits, though the file says otherwise.

Fix: move it to where it belongs, or write it as Kubernetes does.

Sources: the OpenAPI schema of Kubernetes; Kubernetes, "Deprecated API Migration Guide".

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

```yaml bad k8s/ingress.yaml {5,9,9,17,24}
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
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  serviceAccountName: web
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "acme/shop:2"}]}
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
          resizePolicy: []
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

from flask_preflight.artifacts.kubernetes import Manifest
from flask_preflight.artifacts.kubernetes_schema import strays
from flask_preflight.rule import Message, Result, Results, rule

CASE = Message("{0} is no field here and is dropped: Kubernetes writes {1}", "case")
PLACE = Message("{0} is no field of {1} and is dropped: it belongs to {2}", "place")


@rule(
    "K8S009",
    "misplaced-or-misspelt-field",
    "warning",
    "orchestration",
    "~kube-linter:schema-validation",
)
def check(manifest: Manifest) -> Results:
    for stray in strays(manifest):
        said = PLACE(stray.key, stray.title, stray.home)
        if stray.meant:
            said = CASE(stray.key, stray.meant)
        yield Result(stray.spec.at(stray.key), said, subject=manifest.title)
