"""The pod may command the runtime of its node.

Whoever gets in starts containers with all rights of the node, and reads those of all others.

Fix: remove the volume; build images with BuildKit or Kaniko, and read metrics from the kubelet.

Sources: NSA, "Kubernetes Hardening Guide"; CWE-250.

```yaml bad k8s/web.yaml {15}
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
          volumeMounts: [{name: sock, mountPath: /var/run/docker.sock}]
      volumes:
        - name: sock
          hostPath: {path: /var/run/docker.sock}
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

COMMANDS = Message("whoever gets into {0} commands the runtime of its node")
SOCKETS = ("docker.sock", "containerd.sock", "crio.sock", "podman.sock")


@rule(
    "K8S032",
    "container-runtime-socket-mounted",
    "error",
    "security",
    "CWE-250",
    "CKV_K8S_27",
    "KSV-0006",
    "kube-linter:docker-sock",
)
def check(workload: Workload) -> Results:
    for volume in workload.spec.maps("volumes"):
        if volume.text("hostPath", "path").endswith(SOCKETS):
            yield Result(volume.at("hostPath"), COMMANDS(workload.title))
