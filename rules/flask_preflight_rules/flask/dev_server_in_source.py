"""Flask-SocketIO is told to serve production with Werkzeug's server.

Without `allow_unsafe_werkzeug` it refuses, because that server answers few requests at once, knows
no graceful stop and was never made for strangers.

Fix: remove the argument and install gevent or eventlet, or let Gunicorn serve the application.

Sources: Flask-SocketIO, "Deployment: Embedded Server"; Flask, "Deploying to Production".

```python bad app.py {6}
from flask import Flask
from flask_socketio import SocketIO

app = Flask(__name__)
socketio = SocketIO(app)
socketio.run(app, allow_unsafe_werkzeug=True)
```

```python good app.py
import os

from flask import Flask
from flask_socketio import SocketIO

app = Flask(__name__)
socketio = SocketIO(app)
if app.debug:
    socketio.run(app, allow_unsafe_werkzeug=True)
if __name__ == "__main__":
    socketio.run(app, allow_unsafe_werkzeug=os.environ.get("LOCAL") == "1")
```

```procfile good Procfile
web: gunicorn app:app
```
"""

from flask_preflight.artifacts.application import Application
from flask_preflight.rule import Message, Result, Results, rule

UNSAFE = Message("the refusal to serve production with Werkzeug's server is switched off")


@rule("FLK104", "dev-server-in-source", "warning", "wsgi")
def check(application: Application) -> Results:
    for run in application.run_calls:
        given = run.argument("allow_unsafe_werkzeug")
        if given is not None and given.is_on and run.guard.condition != "dev":
            yield Result(given.location, UNSAFE())
