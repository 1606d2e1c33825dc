"""The configuration for production has `DEBUG` on.

Errors are answered with the debugger or with a traceback, and extensions such as the debug toolbar
show the configuration to every visitor.

Fix: remove the line, or take it from the environment, `os.environ.get("FLASK_DEBUG") == "1"`.

Sources: Flask, "Configuration Handling: DEBUG"; CWE-489.

```python bad app.py {4}
from flask import Flask

app = Flask(__name__)
app.config["DEBUG"] = True
```

```python bad app.py
from config import Config
from flask import Flask

app = Flask(__name__)
app.config.from_object(Config)
```

```python bad config.py {5}
import os


class Config:
    DEBUG = os.environ.get("DEBUG", True)
```

```python good config.py
import os


class Config:
    DEBUG = os.environ.get("DEBUG") == "1"
    ENVIRONMENT = os.environ.get("ENVIRONMENT", "production")


class DevelopmentConfig(Config):
    DEBUG = True


class ProductionConfig(Config):
    DEBUG = False
```

```python good app.py
from flask import Flask

app = Flask(__name__)
app.config.from_object("config.ProductionConfig")
if app.testing:
    app.config["DEBUG"] = True
if __name__ == "__main__":
    app.debug = True
    app.run()
```
"""

from flask_preflight.artifacts.application import Application
from flask_preflight.rule import Message, Result, Results, rule

ON = Message("DEBUG is on in {0}: errors show visitors the inside of the application", "on")
DEFAULT = Message("DEBUG is on in {0} unless {1} says otherwise", "default")


@rule("FLK102", "debug-config-on", "error", "configuration", "CWE-489")
def check(application: Application) -> Results:
    for found in application.production("DEBUG"):
        value = found.value
        if value.is_on:
            yield Result(found.location, ON(found.where))
        elif value.on_by_default:
            said = DEFAULT(found.where, value.names[0])
            yield Result(found.location, said, level="warning")
