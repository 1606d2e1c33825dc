"""Nothing starts the pod again when its node is gone.

A pod without a controller is not moved: it is lost with the node, and an update is a deletion.

Fix: a Deployment.

Sources: Kubernetes, "Configuration Best Practices: Naked Pods".

```yaml bad k8s/web.yaml {3}
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
    - name: web
      image: example/web:1.0
```

```yaml good k8s/web.yaml
apiVersion: v1
kind: Pod
metadata: {name: web-test}
spec:
  containers:
    - name: web
      image: example/web:1.0
---
apiVersion: v1
kind: Pod
metadata: {name: kcat}
spec:
  containers:
    - name: kcat
      image: example/kcat:1.0
      tty: true
---
apiVersion: v1
kind: Pod
metadata: {name: job}
spec:
  restartPolicy: Never
  containers:
    - name: web
      image: example/web:1.0
```
"""

from flask_preflight.artifacts.kubernetes import Workload
from flask_preflight.lazy import expression
from flask_preflight.rule import Message, Result, Results, rule

LOST = Message("nothing starts {0} again when its node is gone")
ASIDE = expression(r"test|debug|shell|client|curl|busybox|toolbox|example")


@rule("K8S085", "bare-pod", "warning", "orchestration")
def check(workload: Workload) -> Results:
    manifest = workload.manifest
    hooked = any("hook" in str(key) for key in manifest.annotations)
    # Somebody sits at it.
    watched = any(one.get("tty") is True for one in manifest.spec.maps("spec", "containers"))
    aside = hooked or watched or manifest.is_patch or ASIDE.search(manifest.name) is not None
    if workload.kind == "Pod" and workload.long_running and not aside:
        yield Result(manifest.at("metadata"), LOST(workload.title))
