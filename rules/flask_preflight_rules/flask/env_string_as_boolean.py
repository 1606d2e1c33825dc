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
from flask_preflight.rule import Message, Result, Results, rule

ANY = Message("{0} is on for every text in {1}, also for false and 0")
BOOLEANS = frozenset(
    "DEBUG TESTING PROPAGATE_EXCEPTIONS TRAP_HTTP_EXCEPTIONS SESSION_COOKIE_HTTPONLY "
    "SESSION_COOKIE_SECURE SESSION_COOKIE_PARTITIONED SESSION_REFRESH_EACH_REQUEST USE_X_SENDFILE "
    "TEMPLATES_AUTO_RELOAD EXPLAIN_TEMPLATE_LOADING PREFER_SECURE_URLS WTF_CSRF_ENABLED "
    "WTF_CSRF_CHECK_DEFAULT WTF_CSRF_SSL_STRICT LOGIN_DISABLED SQLALCHEMY_ECHO "
    "SQLALCHEMY_TRACK_MODIFICATIONS SQLALCHEMY_RECORD_QUERIES REMEMBER_COOKIE_SECURE "
    "REMEMBER_COOKIE_HTTPONLY JWT_COOKIE_SECURE JWT_COOKIE_CSRF_PROTECT RATELIMIT_ENABLED "
    "SESSION_PERMANENT SESSION_USE_SIGNER MAIL_USE_TLS MAIL_USE_SSL MAIL_SUPPRESS_SEND".split()
)


@rule("FLK105", "env-string-as-boolean", "warning", "configuration")
def check(application: Application) -> Results:
    for key, values in application.settings.items():
        for found in values if key in BOOLEANS else ():
            value = found.value
            raw = value.kind == "env" and (not value.boolean or value.cast == "bool")
            if raw and not isinstance(value.literal, (int, float)) or raw and value.literal is True:
                yield Result(value.location, ANY(key, value.names[0]))
