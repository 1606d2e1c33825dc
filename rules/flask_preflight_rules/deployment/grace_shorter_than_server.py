"""The container is killed before its server has finished.

At each deployment requests that take longer are cut off in the midst.

Fix: a grace a little above the server's `graceful_timeout` (30 seconds by default).

Sources: Kubernetes, "Pod Lifecycle: Termination of Pods"; Gunicorn, "Settings: graceful_timeout".

```dockerfile bad Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
```

```yaml bad compose.yaml {4}
services:
  web:
    build: .
    stop_grace_period: 5s
```

```dockerfile good Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "--graceful-timeout", "20", "app:app"]
```

```yaml good compose.yaml
services:
  web:
    build: .
    stop_grace_period: 25s
  default:
    build: .
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.facts import Entry
from flask_preflight.rule import Message, Result, Results, rule

CUT = Message("{0} is killed after {1} s, its server may need {2} s to finish requests")


@rule("DEP110", "grace-shorter-than-server", "warning", "orchestration", sees="relation")
def check(entry: Entry) -> Results:
    server, grace = entry.server, entry.grace
    if server is None or server.kind != "gunicorn" or grace is None or grace == 0:
        return
    graceful = server.setting("graceful_timeout")
    if graceful is None or not isinstance(graceful.value, int) or grace >= graceful.value:
        return
    if isinstance(entry.part, Service):
        where = entry.at("stop_grace_period")
    else:
        where = entry.part.workload.spec.at("terminationGracePeriodSeconds")
    yield Result(
        where, CUT(entry.title, f"{grace:g}", graceful.value), (server.at("graceful_timeout"),)
    )
