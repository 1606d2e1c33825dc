"""A client chooses where others are sent.

A link to this site then leads to another one that looks like it and asks for the password.

Fix: redirect to addresses of the application, `url_for(...)`, or check the host first.

Sources: OWASP, "Unvalidated Redirects and Forwards Cheat Sheet"; CWE-601.

```python bad app.py {8,14}
from flask import Flask, redirect, request, url_for

app = Flask(__name__)


@app.get("/login")
def login():
    return redirect(request.args["next"])


@app.get("/out")
def out():
    target = request.args.get("next") or url_for("home")
    return redirect(target)
```

```python good app.py
from urllib.parse import urlsplit

from flask import Flask, redirect, request, url_for

app = Flask(__name__)


@app.get("/login")
def login():
    target = request.args.get("next", "")
    if urlsplit(target).netloc:
        target = url_for("home")
    return redirect(target)


@app.get("/out")
def out():
    return redirect(url_for("home", page=request.args["page"]))
```
"""

from flask_preflight.artifacts.python import Module
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.flask._requests import unchecked

SENT = Message("a client chooses where others are sent from here")
CHECKS = ("urlsplit", "urlparse", "url_parse", "is_safe_url", "is_safe_redirect", "is_safe_next")


@rule("FLK803", "open-redirect", "warning", "security", "CWE-601", enabled=False)
def check(module: Module) -> Results:
    checked = {call.guard.function for call in module.calls(*CHECKS)}
    for call in unchecked(module, "redirect"):
        if call.guard.function not in checked:
            yield Result(call.location, SENT())
