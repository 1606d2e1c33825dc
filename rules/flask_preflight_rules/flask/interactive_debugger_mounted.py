"""Werkzeug's debugger is wrapped around the application.

It shows tracebacks with the source to every visitor; with `evalex=True` whoever finds out its PIN
runs code on the server.

Fix: remove it; `flask --debug run` has it for development.

Sources: Werkzeug, "Debugging Applications"; CWE-489; CWE-94.

```python bad app.py {5,6}
from flask import Flask
from werkzeug.debug import DebuggedApplication

app = Flask(__name__)
app.wsgi_app = DebuggedApplication(app.wsgi_app)
other = DebuggedApplication(app, evalex=True)
```

```python good app.py
from flask import Flask
from werkzeug.debug import DebuggedApplication

app = Flask(__name__)
if app.debug:
    app.wsgi_app = DebuggedApplication(app.wsgi_app, evalex=True)
if __name__ == "__main__":
    app.wsgi_app = DebuggedApplication(app.wsgi_app)
    app.run()
```
"""

from flask_preflight.artifacts.python import Module
from flask_preflight.rule import Message, Result, Results, rule

SHOWS = Message("the debugger shows every visitor tracebacks with the source", "shows")
RUNS = Message("the debugger runs code for whoever finds out its PIN", "runs")


@rule("FLK107", "interactive-debugger-mounted", "error", "security", "CWE-489", "CWE-94")
def check(module: Module) -> Results:
    for call in module.calls("DebuggedApplication"):
        if call.guard.counts and call.name.startswith("werkzeug."):
            evalex = call.argument("evalex", "1")
            runs = evalex is not None and evalex.is_on
            yield Result(call.location, RUNS() if runs else SHOWS())
