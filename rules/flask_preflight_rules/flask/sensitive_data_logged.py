"""A password, a token or the whole request goes to the log.

Logs are kept for long, copied to other systems and read by many.

Fix: log what identifies the event, not the secret.

Sources: OWASP, "Logging Cheat Sheet: Data to exclude"; CWE-532.

```python bad app.py {8,9,10}
from flask import Flask, request

app = Flask(__name__)


@app.post("/login")
def login(password):
    app.logger.info("login with %s", password)
    app.logger.debug(request.headers)
    print(request.cookies)
    return ""
```

```python good app.py
from flask import Flask, request

app = Flask(__name__)


@app.post("/login")
def login(password):
    app.logger.info("login of %s", request.form["name"])
    app.logger.info("length %s", len(password))
    app.logger.info("path %s", request.path)
    print("password reset")
    return ""
```
"""

from flask_preflight.artifacts.python import Module
from flask_preflight.artifacts.secret import words
from flask_preflight.artifacts.source import Value
from flask_preflight.rule import Message, Result, Results, rule

LOGGED = Message("{0} goes to the log, which many can read for long")
LEVELS = ("debug", "info", "warning", "error", "exception", "critical", "log")
WHOLE = tuple(f"flask.request.{name}" for name in ("headers", "cookies", "form", "json", "data"))
SECRET = frozenset("password passwd secret token apikey authorization credentials".split())
LOGGERS = frozenset("logger log logging".split())


@rule("FLK710", "sensitive-data-logged", "warning", "security", "CWE-532", enabled=False)
def check(module: Module) -> Results:
    for call in module.calls(*LEVELS, "print"):
        owner = call.name.rpartition(".")[0].removesuffix("()").rpartition(".")[2]
        logs = owner.strip("_").lower() in LOGGERS or call.name == "print"
        if logs and call.guard.counts and not module.is_tool:
            for value in (value for _, value in call.arguments if _is_secret(value)):
                yield Result(value.location, LOGGED(value.reference))


def _is_secret(value: Value) -> bool:
    if value.kind != "reference":
        return False
    if value.reference in WHOLE:
        return True
    return not SECRET.isdisjoint(words(value.reference.rpartition(".")[2])[-1:])
