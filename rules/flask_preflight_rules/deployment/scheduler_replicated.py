"""The scheduler runs more than once.

Each copy sends every periodic task: mails go out twice, and jobs run over each other.

Fix: one replica, and nothing that scales it.

Sources: Celery, "Periodic Tasks: Starting the Scheduler".

```python bad app.py
from celery import Celery
from flask import Flask

app = Flask(__name__)
celery = Celery("app")
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
COPY . .
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```yaml bad compose.yaml {6}
services:
  beat:
    build: .
    command: celery -A app beat
    deploy:
      replicas: 2
```

```python good app.py
from celery import Celery
from flask import Flask

app = Flask(__name__)
celery = Celery("app")
```

```dockerfile good Dockerfile
FROM python:3.13-slim
COPY . .
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```yaml good compose.yaml
services:
  beat:
    build: .
    command: celery -A app beat
  worker:
    build: .
    command: celery -A app worker
    deploy:
      replicas: 2
```
"""

from flask_preflight.facts import Entry
from flask_preflight.rule import Message, Result, Results, rule

EACH = Message("{0} runs {1} times, and each copy sends every periodic task")


@rule("DEP090", "scheduler-replicated", "error", "scaling", sees="relation")
def check(entry: Entry) -> Results:
    words = entry.started.argv if entry.started is not None else entry.argv or ()
    beats = entry.kind in ("beat", "scheduler") or "-B" in words or "--beat" in words
    locked = any("redbeat" in word.lower() for word in words)
    if beats and not locked and entry.replicas.multi:
        where = entry.replicas.location or entry.at()
        yield Result(where, EACH(entry.title, entry.replicas.low))
