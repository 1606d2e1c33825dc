"""The container mounts a volume that the pod does not have.

Kubernetes refuses the workload, so the new version never starts.

Fix: add the volume, or correct its name.

Sources: Kubernetes, "Volumes".

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
          image: example/web:1.0
          volumeMounts: [{name: files, mountPath: /data}]
      volumes:
        - name: data
          emptyDir: {}
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
          volumeMounts: [{name: data, mountPath: /data}]
      volumes:
        - name: data
          emptyDir: {}
```
"""

from flask_preflight.artifacts.kubernetes import Workload
from flask_preflight.rule import Message, Result, Results, rule

REFUSED = Message("Kubernetes refuses {0}: there is no volume {1} to mount in {2}")


@rule("K8S007", "volume-mount-without-volume", "error", "orchestration")
def check(workload: Workload) -> Results:
    if not workload.is_whole:
        return
    spec = workload.manifest.spec
    names = {one.text("name") for one in workload.spec.maps("volumes")}
    names |= {one.text("metadata", "name") for one in spec.maps("spec", "volumeClaimTemplates")}
    for container in workload.containers:
        for mount in container.spec.maps("volumeMounts"):
            name = mount.text("name")
            if name and name not in names and not any(sign in name for sign in "${<"):
                said = REFUSED(workload.title, name, container.name)
                yield Result(container.at("volumeMounts"), said)
