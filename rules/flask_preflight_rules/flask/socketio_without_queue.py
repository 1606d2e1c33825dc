"""Several processes serve sockets and cannot reach each other's clients.

A client talks to one process. What another one emits never arrives, and because Gunicorn hands each
request to any worker, connections fail with "Invalid session".

Fix: run one worker per instance (`gunicorn -w 1 --threads 100`), and give `SocketIO` a queue,
`message_queue=os.environ["REDIS_URL"]`, for several instances.

Sources: Flask-SocketIO, "Deployment: Using Multiple Workers".

```python bad app.py {5}
from flask import Flask
from flask_socketio import SocketIO

app = Flask(__name__)
socketio = SocketIO(app, message_queue="redis://cache")
```

```procfile bad Procfile
web: gunicorn -w 4 app:app
```

```python bad app.py {5}
from flask import Flask
from flask_socketio import SocketIO

app = Flask(__name__)
socketio = SocketIO(app)
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
COPY . .
CMD ["gunicorn", "-b", "0.0.0.0:8000", "-w", "1", "--threads", "9", "app:app"]
```

```yaml bad compose.yaml
services:
  web:
    build: .
    deploy:
      replicas: 3
```

```python good app.py
import os

from flask import Flask
from flask_socketio import SocketIO

app = Flask(__name__)
socketio = SocketIO(app, message_queue=os.environ["REDIS_URL"])
```

```procfile good Procfile
web: gunicorn -w 1 --threads 9 app:app
```

```python good app.py
from flask import Flask
from flask_socketio import SocketIO

app = Flask(__name__)
socketio = SocketIO()
socketio.init_app(app, message_queue="redis://cache")
```

```dockerfile good Dockerfile
FROM python:3.13-slim
COPY . .
CMD ["gunicorn", "-b", "0.0.0.0:8000", "-w", "1", "--threads", "9", "app:app"]
```

```yaml good compose.yaml
services:
  web:
    build: .
    deploy:
      replicas: 3
```
"""

from flask_preflight.artifacts.application import Application
from flask_preflight.rule import Message, Result, Results, rule

WORKERS = Message("clients lose their sockets between the workers of Gunicorn", "workers")
REPLICAS = Message("what one replica emits never reaches the clients of another", "replicas")


@rule("FLK506", "socketio-without-queue", "error", "scaling")
def check(application: Application) -> Results:
    made = [one for one in application.extensions("SocketIO") if "socketio" in one.name]
    if not made:
        return
    several = [one for one in application.serving if one.workers.multi]
    if any(one.server and one.server.kind == "gunicorn" for one in several):
        related = tuple(one.workers.location for one in several if one.workers.location)
        yield Result(made[0].location, WORKERS(), related)
        return
    given = [*made, *application.extensions("init_app")]
    queued = any(call.argument("message_queue", "**") is not None for call in given)
    if not queued and application.replicated:
        yield Result(made[0].location, REPLICAS())
