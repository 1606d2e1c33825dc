"""A variable of the environment is used as a truth value.

Every text but the empty one is true: `DEBUG=false`, `0` and `off` all turn it on.

Fix: compare the text, `os.environ.get("NAME", "").lower() in ("1", "true", "yes", "on")`.

Sources: Python, "Truth Value Testing"; The Twelve-Factor App, "Config".

```python bad app.py {6,7,8}
import os

from flask import Flask

app = Flask(__name__)
app.config["SESSION_COOKIE_SECURE"] = os.environ.get("SECURE", True)
app.config["WTF_CSRF_ENABLED"] = bool(os.getenv("CSRF"))
app.config["TESTING"] = os.environ["TESTING"]
```

```python good app.py
import os

from flask import Flask

app = Flask(__name__)
app.config["SESSION_COOKIE_SECURE"] = os.environ.get("SECURE") == "1"
app.config["DEBUG"] = os.environ.get("DEBUG", "").lower() in ("1", "true")
app.config["MAIL_USE_TLS"] = os.environ.get("MAIL_USE_TLS") is not None
app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]
app.config["TESTING"] = False


def strtobool(text):
    return text == "1"


app.config["SQLALCHEMY_ECHO"] = strtobool(os.environ.get("ECHO", "0"))
```
"""

from flask_preflight.artifacts.application import Application
from flask_preflight.artifacts.flask_keys import BOOLEAN_KEYS
from flask_preflight.rule import Message, Result, Results, rule

ANY = Message("{0} is on for every text in {1}, also for false and 0")


@rule("FLK105", "env-string-as-boolean", "warning", "configuration")
def check(application: Application) -> Results:
    for key, values in application.settings.items():
        for found in values if key in BOOLEAN_KEYS else ():
            value = found.value
            raw = value.kind == "env" and (not value.boolean or value.cast == "bool")
            if raw and not isinstance(value.literal, (int, float)) or raw and value.literal is True:
                yield Result(value.location, ANY(key, value.names[0]))
