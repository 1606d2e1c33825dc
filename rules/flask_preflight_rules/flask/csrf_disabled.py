"""The protection of forms against forged requests is switched off.

Any page that a signed-in user visits can then send forms in that user's name.

Fix: delete the setting; exempt single views with `@csrf.exempt` where another system calls them.

Sources: Flask-WTF, "CSRF Protection"; CWE-352.

```python bad app.py {4}
from flask import Flask

app = Flask(__name__)
app.config["WTF_CSRF_ENABLED"] = False
```

```python fixed app.py
from flask import Flask

app = Flask(__name__)
app.config["WTF_CSRF_ENABLED"] = True
```

```python bad app.py {6}
from flask import Flask
from flask_wtf.csrf import CSRFProtect

app = Flask(__name__)
csrf = CSRFProtect(app)
app.config.update(WTF_CSRF_CHECK_DEFAULT=False)
```

```python good app.py
import os

from flask import Flask

app = Flask(__name__)
app.config["WTF_CSRF_ENABLED"] = os.environ.get("CSRF", "1") == "1"


class TestingConfig:
    WTF_CSRF_ENABLED = False
```

```python good app.py
from flask import Flask
from flask_wtf.csrf import CSRFProtect

app = Flask(__name__)
csrf = CSRFProtect(app)
app.config["WTF_CSRF_CHECK_DEFAULT"] = False


@app.before_request
def check():
    csrf.protect()
```
"""

from flask_preflight.artifacts.application import Application
from flask_preflight.rule import Message, Result, Results, rule

OFF = Message("forms are accepted from any other site: WTF_CSRF_ENABLED is off", "off")
UNCHECKED = Message("nothing checks forms: WTF_CSRF_CHECK_DEFAULT is off", "unchecked")


@rule("FLK308", "csrf-disabled", "error", "security", "CWE-352")
def check(application: Application) -> Results:
    for found in application.production("WTF_CSRF_ENABLED"):
        if found.value.kind == "literal" and found.value.literal is False:
            yield Result(found.location, OFF(), fix=found.value.instead("True", found.location))
    for found in application.production("WTF_CSRF_CHECK_DEFAULT"):
        off = found.value.kind == "literal" and found.value.literal is False
        if off and not any(application.extensions("protect")):
            yield Result(found.location, UNCHECKED(), level="warning")
