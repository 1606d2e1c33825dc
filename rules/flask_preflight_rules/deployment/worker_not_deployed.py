"""The application puts jobs into a queue, and nothing in the deployment takes them out.

Mails are never sent and reports never made; the queue grows until the broker is full, and no
request fails.

Fix: a service that runs the worker: `celery -A app worker`.

Intended: when the worker is deployed from another repository.

Sources: The Twelve-Factor App, "VIII. Concurrency"; Celery, "Daemonization".

```python bad app.py {10}
from flask import Flask

from tasks import send

app = Flask(__name__)


@app.post("/mail")
def mail():
    send.delay("x")
    return ""
```

```python bad tasks.py
from celery import Celery

celery = Celery("shop", broker="redis://cache")


@celery.task
def send(text):
    pass
```

```text bad requirements.txt
flask==3.1.2
celery==5.5.3
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "app:app"]
```

```yaml bad compose.yaml
services:
  web:
    build: .
  cache:
    image: redis:8
```

```python good app.py
from flask import Flask

from tasks import send

app = Flask(__name__)


@app.post("/mail")
def mail():
    send.delay("x")
    return ""
```

```python good tasks.py
from celery import Celery

celery = Celery("shop", broker="redis://cache")


@celery.task
def send(text):
    pass
```

```text good requirements.txt
flask==3.1.2
celery==5.5.3
```

```dockerfile good Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "app:app"]
```

```yaml good compose.yaml
services:
  web:
    build: .
  worker:
    build: .
    command: celery -A tasks worker
  cache:
    image: redis:8
```
"""

from flask_preflight.facts import Deployment, Entry, World
from flask_preflight.lazy import expression
from flask_preflight.rule import Message, Result, Results, rule

NOBODY = Message("{0} queues jobs for {1}, and nothing in {2} takes them out")
_WORKS = expression(
    r"(?i)worker|celery|\brq\b|huey|dramatiq|beat|supervisord|honcho|circus|\bs6|runit"
)


@rule("DEP088", "worker-not-deployed", "warning", "scaling", sees="relation")
def check(deployment: Deployment) -> Results:
    worlds = [one for one in deployment.worlds if one.role == "production"]
    if any(_works(entry) for world in deployment.worlds for entry in world.entries):
        return
    for world in worlds:
        if world.kind not in ("compose", "swarm", "kubernetes") or not world.closed:
            continue
        for entry in world.entries:
            yield from _queued(world, entry)


def _queued(world: World, entry: Entry) -> Results:
    application = entry.application
    if application is None or entry.server is None:
        return
    for one in application.enqueues:
        eager = application.production("CELERY_TASK_ALWAYS_EAGER")
        if application.requires(one.library) and not eager and one.guard.condition != "dev":
            said = NOBODY(entry.title, one.library, world.name)
            yield Result(one.location, said, (entry.location.saying("is served here"),))
            return


def _works(entry: Entry) -> bool:
    """Whether it may be a worker, by what it runs and what it is called."""
    words = (entry.title, entry.image_reference, *(entry.argv or ()))
    unknown = entry.argv is None and entry.image is not None
    return unknown or entry.kind in ("worker", "beat") or _WORKS.search(" ".join(words)) is not None
