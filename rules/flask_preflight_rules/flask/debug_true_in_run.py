"""The program starts Flask's server with the debugger on.

Werkzeug's debugger runs whatever Python a visitor types into the page of a traceback; its PIN can
be worked out from files that the same flaw often reveals.

Fix: leave `debug` out of the source. `flask run --debug`, or `FLASK_DEBUG=1`, turns it on where it
is wanted.

Sources: Flask, "Debugging Application Errors"; Werkzeug, "Debugging Applications"; CWE-489; CWE-94.

```python bad app.py {6}
from flask import Flask

app = Flask(__name__)

if __name__ == "__main__":
    app.run(host="0.0.0.0", debug=True)
```

```procfile bad Procfile
web: python app.py
```

```python fixed app.py
from flask import Flask

app = Flask(__name__)

if __name__ == "__main__":
    app.run(host="0.0.0.0", debug=False)
```

```python bad app.py {6,9}
import os

from flask import Flask

app = Flask(__name__)
app.run(debug=os.environ.get("DEBUG", True))


app.run("0.0.0.0", 80, True)
```

```procfile bad Procfile
web: python app.py
```

```python good app.py
import asyncio
import os

from flask import Flask

app = Flask(__name__)


async def main(): ...


if __name__ == "__main__":
    app.run(debug=False)
    app.run(debug=os.environ.get("FLASK_DEBUG") == "1")
    asyncio.run(main(), debug=True)
```

```python good app.py
from flask import Flask

app = Flask(__name__)

if __name__ == "__main__":
    app.run(debug=True)
```

```procfile good Procfile
web: gunicorn app:app
```

```python good dev.py
from app import app

app.run(debug=True)
```
"""

from flask_preflight.artifacts.application import Application
from flask_preflight.artifacts.source import RunCall, Value
from flask_preflight.facts import lower
from flask_preflight.rule import Level, Message, Result, Results, rule

STARTS = Message("{0} is started with the debugger on: visitors can run any code")
ARGUMENTS = ("debug", "use_debugger", "use_evalex")


@rule("FLK101", "debug-true-in-run", "error", "wsgi", "CWE-489", "CWE-94", "B201", "S201")
def check(application: Application) -> Results:
    for call in application.run_calls:
        level = _level(application, call)
        for name in ARGUMENTS:
            value = call.argument(name)
            if value is not None and level is not None and _is_on(value):
                milder = value.kind == "env"
                said = STARTS(application.title)
                fix = value.instead("False", call.location)
                yield Result(value.location, said, fix=fix, level=lower(level, milder))


def _is_on(value: Value) -> bool:
    if value.kind == "env" and not value.has_default:
        return False
    known = value.kind in ("literal", "env") and isinstance(value.literal, (bool, int, str))
    return known and bool(value.literal) and value.literal != "\x00"


def _level(application: Application, call: RunCall) -> Level | None:
    """How much it matters depends on what starts the module."""
    if call.guard.condition == "dev" or call.guard.use in ("cli", "task"):
        return None
    if application.direct(call.path):
        return "warning" if call.path in application.doubtful_modules else "error"
    if call.guard.where == "import" and application.served(call.path):
        return "error"
    if application.known or call.guard.where == "function":
        return None
    return "note" if application.may_be_served else "warning"
