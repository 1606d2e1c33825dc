"""The application has no tests.

Nothing tells a broken build from a working one before the users do.

Fix: add a first test, for example one that asks each page with `app.test_client()`, and run it in
the pipeline.

Intended: when the tests live in another repository; ignore the rule in the configuration then.

Sources: Flask, "Testing Flask Applications".

```python bad app.py {3}
from flask import Flask

app = Flask(__name__)
```

```python good app.py
from flask import Flask

app = Flask(__name__)
```

```python good tests/test_app.py
from app import app


def test_home():
    assert app.test_client().get("/").status_code == 404
```

```python good web.py
from flask import Flask

app = Flask(__name__)
```

```yaml good compose.test.yaml
services:
  web:
    build: .
  browser:
    image: cypress/included:15.0.0
```

```python good service.py
from flask import Flask

app = Flask(__name__)
```

```ini good tox.ini
[testenv]
commands = python -m unittest discover
```
"""

from flask_preflight.facts import Deployment
from flask_preflight.rule import Message, Result, Results, rule

NONE = Message("{0} has no tests, so nothing stops a broken build")


@rule("OPS401", "no-tests", "warning", "ci-cd", sees="absent")
def check(deployment: Deployment) -> Results:
    if not deployment.tests and deployment.item("tests-in-ci").state == "missing":
        for application in deployment.applications:
            if application.role == "production":
                yield Result(application.at(), NONE(application.title))
                return
