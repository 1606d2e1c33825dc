"""The pod mounts a folder of the node it happens to run on.

On another node the data is not there; and whoever gets in reads or changes the node.

Fix: a PersistentVolumeClaim for data, a ConfigMap for configuration.

Sources: Kubernetes, "Volumes: hostPath"; CWE-552.

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
          volumeMounts: [{name: data, mountPath: /data}]
      volumes:
        - name: data
          hostPath: {path: /srv/data}
```

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
          volumeMounts: [{name: data, mountPath: /host}]
      volumes:
        - name: data
          hostPath: {path: /etc}
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
          persistentVolumeClaim: {claimName: data}
        - name: unused
          hostPath: {path: /etc}
```
"""

from flask_preflight.artifacts.kubernetes import Workload
from flask_preflight.rule import Level, Message, Result, Results, rule
from flask_preflight_rules.kubernetes._nodes import is_agent

NODE = Message("{0} mounts {1} of the node that it happens to run on")
GRAVE = tuple(
    "/etc /proc /sys /boot /dev /lib /usr /root /home /var/lib/kubelet /var/lib/docker "
    "/var/lib/containerd".split()
)
LOGS = ("/var/log", "/var/lib/docker/containers")


@rule(
    "K8S031",
    "host-path-volume",
    "warning",
    "security",
    "CWE-552",
    "KSV-0023",
    "kube-linter:sensitive-host-mounts",
    "kube-linter:writable-host-mount",
    "~kube-linter:unsafe-proc-mount",
    "polaris:hostPathSet",
)
def check(workload: Workload) -> Results:
    mounted = {
        mount.text("name"): mount
        for container in workload.containers
        for mount in container.spec.maps("volumeMounts")
    }
    for volume in workload.spec.maps("volumes"):
        path = volume.text("hostPath", "path").rstrip("/") or volume.text("hostPath", "path")
        mount = mounted.get(volume.text("name"))
        if not path or mount is None or path.endswith(".sock"):
            continue
        read_only = mount.dig("readOnly") is True
        if workload.kind == "DaemonSet" and (path.startswith(LOGS) or read_only):
            continue
        grave = path == "/" or any(path == one or path.startswith(one + "/") for one in GRAVE)
        level: Level | None = "error" if grave else None
        level = "note" if is_agent(workload) else level
        yield Result(volume.at("hostPath"), NODE(workload.title, path), level=level)
