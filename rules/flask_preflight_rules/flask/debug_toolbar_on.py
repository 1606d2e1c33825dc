"""The debug toolbar is switched on for production.

It shows the configuration, the SQL statements and the request to every visitor.

Fix: remove `DEBUG_TB_ENABLED`; the toolbar then follows `app.debug`.

Sources: Flask-DebugToolbar, "Configuration"; CWE-489; CWE-215.

```python bad app.py {5}
from flask import Flask
from flask_debugtoolbar import DebugToolbarExtension

app = Flask(__name__)
app.config["DEBUG_TB_ENABLED"] = True
toolbar = DebugToolbarExtension(app)
```

```python fixed app.py
from flask import Flask
from flask_debugtoolbar import DebugToolbarExtension

app = Flask(__name__)
app.config["DEBUG_TB_ENABLED"] = False
toolbar = DebugToolbarExtension(app)
```

```python good app.py
import os

from flask import Flask
from flask_debugtoolbar import DebugToolbarExtension

DEBUG = os.environ.get("FLASK_DEBUG") == "1"

app = Flask(__name__)
app.config["DEBUG_TB_ENABLED"] = DEBUG
if app.debug:
    app.config["DEBUG_TB_ENABLED"] = True
toolbar = DebugToolbarExtension(app)
```

```python good app.py
from flask import Flask

app = Flask(__name__)
app.config["DEBUG_TB_ENABLED"] = True
```
"""

from flask_preflight.artifacts.application import Application
from flask_preflight.rule import Message, Result, Results, rule

SHOWN = Message("the debug toolbar shows every visitor the configuration and SQL of {0}")


@rule("FLK108", "debug-toolbar-on", "error", "security", "CWE-489", "CWE-215")
def check(application: Application) -> Results:
    if not any(application.extensions("DebugToolbarExtension", "DebugToolbar")):
        return
    for found in application.production("DEBUG_TB_ENABLED"):
        if found.value.is_on:
            fix = found.value.instead("False", found.location)
            yield Result(found.location, SHOWN(application.title), fix=fix)
        elif found.value.on_by_default:
            yield Result(found.location, SHOWN(application.title), level="warning")
