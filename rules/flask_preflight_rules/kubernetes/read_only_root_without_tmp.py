"""The container cannot write anywhere, and its server has to.

Gunicorn keeps a file for each worker in /tmp: it does not start when nothing is writable there.

Fix: an `emptyDir` mounted at `/tmp`.

Sources: Gunicorn, "Settings: worker_tmp_dir"; Kubernetes, "Configure a Security Context".

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
          image: acme/shop:2
          command: [gunicorn, -b, "0.0.0.0:8000", app:app]
          securityContext: {readOnlyRootFilesystem: true}
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
          command: [gunicorn, -b, "0.0.0.0:8000", --worker-tmp-dir, /dev/shm, app:app]
          securityContext: {readOnlyRootFilesystem: true}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:
      containers:
        - name: api
          image: acme/shop:2
          command: [gunicorn, -b, "0.0.0.0:8000", app:app]
          securityContext: {readOnlyRootFilesystem: true}
          volumeMounts: [{name: tmp, mountPath: /tmp}]
      volumes: [{name: tmp, emptyDir: {}}]
```
"""

from flask_preflight.artifacts.kubernetes import Container
from flask_preflight.rule import Message, Result, Results, rule

NOWHERE = Message("{0} can write nowhere, and Gunicorn needs a file for each worker in /tmp")


@rule("K8S027", "read-only-root-without-tmp", "error", "security")
def check(container: Container) -> Results:
    entry = container.entry
    server = entry.server if entry is not None else None
    if not container.read_only or entry is None or server is None or server.kind != "gunicorn":
        return
    folder = server.setting("worker_tmp_dir")
    if folder is None or not folder.known or folder.value or "TMPDIR" in entry.environment:
        return
    if not container.workload.is_whole:
        return
    if not any(mount.path.rstrip("/") in ("", "/tmp", "/var/tmp") for mount in entry.mounts):
        where = container.effective_at("readOnlyRootFilesystem")
        yield Result(where, NOWHERE(container.name), subject=container.workload.title)
