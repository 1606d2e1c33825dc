"""`LOGIN_DISABLED` is on, so `@login_required` lets everybody in.

Flask-Login then serves every protected view to visitors who never signed in.

Fix: remove the setting; a test that needs it sets it itself.

Sources: Flask-Login, "Protecting Views"; CWE-306.

```python bad app.py {4}
from flask import Flask

app = Flask(__name__)
app.config["LOGIN_DISABLED"] = True
```

```python fixed app.py
from flask import Flask

app = Flask(__name__)
app.config["LOGIN_DISABLED"] = False
```

```python bad app.py
from flask import Flask

app = Flask(__name__)
app.config.from_object("settings")
```

```python bad settings.py {3}
import os

LOGIN_DISABLED = os.environ.get("LOGIN_DISABLED", "true") == "true"
```

```python good app.py
import os

from flask import Flask

app = Flask(__name__)
app.config["LOGIN_DISABLED"] = os.environ.get("LOGIN_DISABLED") == "true"
if app.debug:
    app.config["LOGIN_DISABLED"] = True


class TestConfig:
    LOGIN_DISABLED = True
```
"""

from flask_preflight.artifacts.application import Application
from flask_preflight.rule import Message, Result, Results, rule

OPEN = Message("every view that asks for a login is open to everybody in {0}", "open")
DEFAULT = Message("every view that asks for a login is open unless {0} says otherwise", "default")


@rule("FLK310", "login-disabled", "error", "security", "CWE-306")
def check(application: Application) -> Results:
    for found in application.production("LOGIN_DISABLED"):
        if found.value.is_on:
            fix = found.value.instead("False", found.location)
            yield Result(found.location, OPEN(found.where), fix=fix)
        elif found.value.on_by_default:
            yield Result(found.location, DEFAULT(found.value.names[0]), level="warning")
