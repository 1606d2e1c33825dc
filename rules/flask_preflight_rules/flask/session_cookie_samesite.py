"""The session cookie is allowed on requests from other sites.

Browsers drop a cookie with `SameSite=None` that is not marked as secure, so nobody stays signed in;
and with both, every site may send requests with the session of its visitor.

Fix: `SESSION_COOKIE_SAMESITE = "Lax"`; if other sites embed the application, set
`SESSION_COOKIE_SECURE = True` as well and protect forms against forged requests.

Sources: Flask, "Security Considerations: Set-Cookie options"; CWE-1275.

```python bad app.py {4}
from flask import Flask

app = Flask(__name__)
app.config["SESSION_COOKIE_SAMESITE"] = "None"
```

```python bad app.py {5}
from flask import Flask

app = Flask(__name__)
app.config.update(
    SESSION_COOKIE_SAMESITE="None",
    SESSION_COOKIE_SECURE=True,
)
```

```python good app.py
from flask import Flask

app = Flask(__name__)
app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
```

```python good app.py
from flask import Flask

app = Flask(__name__)
app.config["SESSION_COOKIE_SAMESITE"] = None
```

```python good app.py
from flask import Flask

app = Flask(__name__)
app.config.update(SESSION_COOKIE_SAMESITE="None", SESSION_COOKIE_PARTITIONED=True)
```
"""

from flask_preflight.artifacts.application import Application
from flask_preflight.rule import Message, Result, Results, rule

DROPPED = Message("browsers drop the session cookie: SameSite=None without Secure", "dropped")
SENT = Message("the session cookie goes along with requests from every other site", "sent")


@rule("FLK303", "session-cookie-samesite", "note", "security", "CWE-1275")
def check(application: Application) -> Results:
    partitioned = application.production("SESSION_COOKIE_PARTITIONED")
    if any(not one.value.is_off for one in partitioned):
        return
    secure = application.production("SESSION_COOKIE_SECURE")
    safe = any(not one.value.is_off for one in secure)
    unread = not secure and not application.closed
    for found in application.production("SESSION_COOKIE_SAMESITE"):
        if found.value.kind != "literal" or found.value.text.lower() != "none":
            continue
        if safe:
            yield Result(found.location, SENT())
        elif not unread and not any(application.extensions("Talisman")):
            yield Result(found.location, DROPPED(), level="error")
