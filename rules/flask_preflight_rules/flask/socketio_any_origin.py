"""Every web site may open a WebSocket with the cookies of its visitors.

The browser asks no permission before it connects, so any page can act as the user who is signed in.

Fix: name the origins, `SocketIO(app, cors_allowed_origins=["https://shop.example"])`, or leave it
out for the application's own.

Sources: Flask-SocketIO, "Cross-Origin Controls"; CWE-1385; CWE-346.

```python bad app.py {5,9}
from flask import Flask, session
from flask_socketio import SocketIO

app = Flask(__name__)
socketio = SocketIO(app, cors_allowed_origins="*")


def init(other):
    socketio.init_app(other, cors_allowed_origins=["https://shop.example", "*"])


@socketio.on("hello")
def hello(data):
    return session["name"]
```

```python bad app.py {5}
from flask import Flask
from flask_socketio import SocketIO

app = Flask(__name__)
socketio = SocketIO(app, cors_allowed_origins="*")
```

```python good app.py
import os

from flask import Flask, session
from flask_socketio import SocketIO

app = Flask(__name__)
one = SocketIO(app)
two = SocketIO(app, cors_allowed_origins="https://shop.example")
three = SocketIO(app, cors_allowed_origins=os.environ["ORIGINS"].split(","))
four = SocketIO(app, cors_allowed_origins=[])
if app.debug:
    five = SocketIO(app, cors_allowed_origins="*")


@one.on("hello")
def hello(data):
    return session["name"]
```
"""

from flask_preflight.artifacts.application import Application
from flask_preflight.rule import Level, Message, Result, Results, rule
from flask_preflight_rules.flask._origins import lets_all_in

OPEN = Message("every web site may open a socket with the cookies of its visitors")


@rule("FLK412", "socketio-any-origin", "warning", "security", "CWE-1385", "CWE-346")
def check(application: Application) -> Results:
    for call in application.extensions("SocketIO", "init_app"):
        origins = call.argument("cors_allowed_origins")
        if origins is not None and lets_all_in(origins):
            level: Level | None = None if application.session_uses else "note"
            yield Result(origins.location, OPEN(), level=level)
