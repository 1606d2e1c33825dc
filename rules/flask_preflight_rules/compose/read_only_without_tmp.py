"""The container cannot write anywhere, and its server has to.

Gunicorn keeps a file for each worker in /tmp: it does not start when nothing is writable there.

Fix: `tmpfs: [/tmp]`.

Sources: Gunicorn, "Settings: worker_tmp_dir"; Docker, "Compose file reference: read_only, tmpfs".

```yaml bad compose.yaml {4}
services:
  web:
    build: .
    read_only: true
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
COPY . .
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```yaml good compose.yaml
services:
  web:
    build: .
    read_only: true
    tmpfs: [/tmp]
  other:
    build: .
    read_only: true
    command: gunicorn --worker-tmp-dir /dev/shm -b 0.0.0.0:8000 app:app
```

```dockerfile good Dockerfile
FROM python:3.13-slim
COPY . .
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.rule import Message, Result, Results, rule

NOWHERE = Message("{0} can write nowhere, and Gunicorn needs a file for each worker in /tmp")


@rule("CMP026", "read-only-without-tmp", "error", "security")
def check(service: Service) -> Results:
    entry = service.entry
    server = entry.server if entry is not None else None
    if not service.read_only or entry is None or server is None or server.kind != "gunicorn":
        return
    folder = server.setting("worker_tmp_dir")
    if folder is None or not folder.known or folder.value or "TMPDIR" in entry.environment:
        return
    if not any(mount.path.rstrip("/") in ("/tmp", "/var/tmp") for mount in entry.mounts):
        yield Result(service.at("read_only"), NOWHERE(service.name))
