"""The session cookie is also sent without HTTPS.

One request over plain HTTP, which anybody on the way can provoke, hands out the session.

Fix: set `SESSION_COOKIE_SECURE = True` for production.

Intended: when the application is only reached over HTTP inside of a network; say so where you
ignore the rule.

Sources: Flask, "Security Considerations: Set-Cookie options"; CWE-614.

```python bad app.py {3}
from flask import Flask, session

app = Flask(__name__)


@app.get("/")
def home():
    session["seen"] = True
    return ""
```

```python bad app.py {4}
from flask import Flask, session

app = Flask(__name__)
app.config["SESSION_COOKIE_SECURE"] = False


@app.get("/")
def home():
    return session["name"]
```

```python bad app.py {6}
import os

from flask import Flask, session

app = Flask(__name__)
app.config["SESSION_COOKIE_SECURE"] = os.environ.get("ENFORCE_HTTPS") == "1"


@app.get("/")
def home():
    return session["name"]
```

```python bad app.py {4}
from flask import Flask, session
from sessions import Sessions

app = Flask(__name__)
app.session_interface = Sessions()


@app.get("/")
def home():
    return session["name"]
```

```python good app.py
from flask import Flask, session

app = Flask(__name__)
app.config.update(SESSION_COOKIE_SECURE=True)


@app.get("/")
def home():
    return session["name"]
```

```python good app.py
from flask import Flask

app = Flask(__name__)
```

```python good app.py
from flask import Flask, session
from flask_talisman import Talisman

app = Flask(__name__)
Talisman(app)


@app.get("/")
def home():
    return session["name"]
```
"""

from flask_preflight.artifacts.application import Application
from flask_preflight.rule import Message, Result, Results, rule

OFF = Message("the session cookie is sent without HTTPS as well", "off")
NEVER = Message("SESSION_COOKIE_SECURE is never set, so the session is sent without HTTPS", "never")
MAYBE = Message("the session cookie is sent without HTTPS unless {0} says otherwise", "maybe")


@rule("FLK301", "session-cookie-not-secure", "warning", "security", "CWE-614", sees="absent")
def check(application: Application) -> Results:
    if not application.session_uses or _secured(application):
        return
    values = application.production("SESSION_COOKIE_SECURE")
    for found in values:
        value = found.value
        if value.kind == "literal" and value.literal is False:
            yield Result(found.location, OFF())
        elif value.kind == "env" and value.boolean and value.has_default and not value.literal:
            yield Result(found.location, MAYBE(value.names[0]), level="note")
    # An interface of the application's own may set the flag itself.
    own = any(one.what == "session_interface" for one in application.session_uses)
    level = "note" if own else application.absent("warning")
    if not values and level is not None:
        yield Result(application.location, NEVER(), level=level)


def _secured(application: Application) -> bool:
    for call in application.extensions("Talisman", "SSLify", "init_app"):
        begins = call.argument("0", "app") is not None
        if begins and (call.last != "init_app" or "talisman" in call.name.lower()):
            off = call.argument("session_cookie_secure")
            if off is None or off.literal is True:
                return True
    partitioned = application.production("SESSION_COOKIE_PARTITIONED")
    return any(one.value.literal is True for one in partitioned)
