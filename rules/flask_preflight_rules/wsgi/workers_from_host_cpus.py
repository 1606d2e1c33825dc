"""The number of workers follows the processors of the machine, not those of the container.

In a container `cpu_count()` gives all processors of the node: with one processor allowed on a node
of 64, Gunicorn starts 129 workers that fight for it and for the memory.

Fix: set the number in the deployment, `WEB_CONCURRENCY=3`.

Sources: Python, "os.cpu_count"; Docker, "Resource constraints"; Gunicorn, "Design".

```dockerfile bad Dockerfile
FROM python:3.13-slim
COPY . .
CMD ["gunicorn", "-b", "0.0.0.0:8000", "-c", "gunicorn.conf.py", "app:app"]
```

```python bad gunicorn.conf.py {3}
import multiprocessing

workers = multiprocessing.cpu_count() * 2 + 1
```

```yaml bad compose.yaml
services:
  web:
    build: .
    deploy:
      resources:
        limits:
          cpus: "0.5"
```

```dockerfile bad Dockerfile {3}
FROM python:3.13-slim
COPY . .
CMD gunicorn -b 0.0.0.0:8000 -w $(nproc) app:app
```

```dockerfile good Dockerfile
FROM python:3.13-slim
COPY . .
CMD ["gunicorn", "-b", "0.0.0.0:8000", "-w", "4", "app:app"]
```

```ini good deploy/shop.service
[Service]
ExecStart=/srv/venv/bin/gunicorn -c deploy/gunicorn.conf.py app:app
```

```python good deploy/gunicorn.conf.py
import multiprocessing

workers = multiprocessing.cpu_count() * 2 + 1
```
"""

from flask_preflight.artifacts.wsgi import Server
from flask_preflight.rule import Message, Result, Results, rule

LIMITED = Message("workers follow the node's processors, but {0} may use {1} of them", "limited")
COUNTED = Message("workers follow the processors of the node, not of the container", "counted")


@rule("WSG205", "workers-from-host-cpus", "warning", "scaling")
def check(server: Server) -> Results:
    entry = server.entry
    if entry is None or entry.carrier in ("host", "platform"):
        return
    workers = server.settings.get("processes" if server.kind == "uwsgi" else "workers")
    if workers is None or not workers.cpus:
        return
    if entry.cpu is not None and not workers.default:
        yield Result(workers.location, LIMITED(entry.title, f"{entry.cpu:g}"))
    else:
        yield Result(workers.location, COUNTED(), level="note")
