"""Importing the module starts Flask's own server.

A WSGI server imports the module to get the application. The call does not return: the worker never
serves a request, and Flask's server listens inside of it on port 5000.

Fix: move the call under `if __name__ == "__main__":`.

Sources: Flask, "Development Server: In Code".

```python bad app.py {4}
from flask import Flask

app = Flask(__name__)
app.run(host="0.0.0.0")
```

```procfile bad Procfile
web: gunicorn app:app
```

```python fixed app.py
from flask import Flask

app = Flask(__name__)
if __name__ == "__main__":
    app.run(host="0.0.0.0")
```

```python good app.py
from flask import Flask
from start import start

app = Flask(__name__)


def main():
    app.run()


if __name__ == "__main__":
    app.run()
```

```python good start.py
def start(app):
    app.run()
```

```procfile good Procfile
web: gunicorn app:app
```

```python good app.py
from flask import Flask

app = Flask(__name__)
app.run()
```

```procfile good Procfile
web: python app.py
```
"""

from flask_preflight.artifacts.application import Application
from flask_preflight.artifacts.source import RunCall
from flask_preflight.result import Region
from flask_preflight.rule import Fix, Message, Replacement, Result, Results, rule

BLOCKS = Message("importing {0} starts Flask's own server, so its workers never serve a request")


@rule("FLK103", "app-run-at-import", "error", "wsgi", "CWE-489")
def check(application: Application) -> Results:
    for call in application.run_calls:
        guard = call.guard
        if guard.where == "import" and guard.condition != "dev" and application.served(call.path):
            yield Result(call.location, BLOCKS(call.path), fix=_fix(call))


def _fix(call: RunCall) -> Fix | None:
    """The guard before a statement of the module, and its first line moved in."""
    line, column = call.location.region.start_line, call.location.region.start_column
    guard = Replacement(call.path, Region(line, 1, line, 1), 'if __name__ == "__main__":\n    ')
    return Fix("run it as a program only", (guard,), safe=True) if column == 1 else None
