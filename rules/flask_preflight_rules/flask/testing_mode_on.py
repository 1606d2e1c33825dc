"""The configuration for production has `TESTING` on.

Flask passes errors on instead of answering them with its handlers, and extensions switch off what
tests do not want: Flask-Login, Flask-Mail and others check less or send nothing.

Fix: remove the line; tests set `TESTING` themselves.

Sources: Flask, "Configuration Handling: TESTING"; CWE-489.

```python bad app.py {4}
from flask import Flask

app = Flask(__name__)
app.config.update(TESTING=True)
```

```python fixed app.py
from flask import Flask

app = Flask(__name__)
app.config.update(TESTING=False)
```

```python bad app.py {6}
import os

from flask import Flask

app = Flask(__name__)
app.testing = os.environ.get("TESTING", "1") == "1"
```

```python good app.py
import os

from flask import Flask

app = Flask(__name__)
app.config["TESTING"] = False
app.testing = os.environ.get("TESTING") == "1"


class TestingConfig:
    TESTING = True


def make_test_app():
    app = Flask(__name__)
    app.config["TESTING"] = True
    return app
```

```python good app.py
import os

from flask import Flask


class Production:
    TESTING = False


class Testing:
    TESTING = True


class ProductionParity(Testing):
    PARITY = True


configs = {"testing": Testing, "production": Production, "production_parity": ProductionParity}
app = Flask(__name__)
app.config.from_object(configs[os.environ["SHOP_CONFIG"]])
```

```python good conftest.py
import pytest
from app import app


@pytest.fixture
def client():
    app.config["TESTING"] = True
    return app.test_client()
```
"""

from flask_preflight.artifacts.application import Application
from flask_preflight.rule import Message, Result, Results, rule

ON = Message("TESTING is on in {0}: errors pass the handlers and extensions check less", "on")
DEFAULT = Message("TESTING is on in {0} unless {1} says otherwise", "default")


@rule("FLK106", "testing-mode-on", "error", "configuration", "CWE-489")
def check(application: Application) -> Results:
    for found in application.production("TESTING"):
        if found.value.is_on:
            fix = found.value.instead("False", found.location)
            yield Result(found.location, ON(found.where), fix=fix)
        elif found.value.on_by_default:
            said = DEFAULT(found.where, found.value.names[0])
            yield Result(found.location, said, level="warning")
