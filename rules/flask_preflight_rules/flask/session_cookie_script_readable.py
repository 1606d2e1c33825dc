"""Scripts in the page can read a cookie that signs a user in.

One injected script then takes the session with it; with Flask's default it cannot.

Fix: delete the setting, the cookie is out of reach of scripts by default.

Sources: Flask, "Security Considerations: Set-Cookie options"; CWE-1004.

```python bad app.py {4,5}
from flask import Flask

app = Flask(__name__)
app.config["SESSION_COOKIE_HTTPONLY"] = False
app.config["REMEMBER_COOKIE_HTTPONLY"] = False
```

```python fixed app.py
from flask import Flask

app = Flask(__name__)
app.config["SESSION_COOKIE_HTTPONLY"] = True
app.config["REMEMBER_COOKIE_HTTPONLY"] = True
```

```python good app.py
from flask import Flask

app = Flask(__name__)
app.config["SESSION_COOKIE_HTTPONLY"] = True
if app.debug:
    app.config["REMEMBER_COOKIE_HTTPONLY"] = False
```
"""

from flask_preflight.artifacts.application import Application
from flask_preflight.rule import Message, Result, Results, rule

READABLE = Message("scripts can read the cookie: {0} is off")


@rule("FLK302", "session-cookie-script-readable", "warning", "security", "CWE-1004")
def check(application: Application) -> Results:
    for key in ("SESSION_COOKIE_HTTPONLY", "REMEMBER_COOKIE_HTTPONLY"):
        for found in application.production(key):
            if found.value.kind == "literal" and found.value.literal is False:
                fix = found.value.instead("True", found.location)
                yield Result(found.location, READABLE(key), fix=fix)
