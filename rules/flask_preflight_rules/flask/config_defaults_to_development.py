"""Without a variable the application takes the configuration for development.

Whoever forgets the variable once, in a new service, a cron job or a shell, runs production with the
debugger, a known key or a local database, and nothing says so.

Fix: let production be the fallback, or fail without the variable: `os.environ["APP_CONFIG"]`.

Sources: The Twelve-Factor App, "Config"; CWE-1188.

```python bad config.py
class Config:
    PAGE_SIZE = 10


class DevelopmentConfig(Config):
    DEBUG = True


class ProductionConfig(Config):
    PAGE_SIZE = 20


config = {
    "development": DevelopmentConfig,
    "production": ProductionConfig,
    "default": DevelopmentConfig,
}
```

```python bad app.py {13}
import os

from config import config
from flask import Flask


def create_app(config_name):
    app = Flask(__name__)
    app.config.from_object(config[config_name])
    return app


app = create_app(os.getenv("FLASK_CONFIG") or "default")
```

```python bad app.py {6}
import os

from flask import Flask

app = Flask(__name__)
app.config.from_object(os.environ.get("APP_SETTINGS", "config.DevelopmentConfig"))
```

```python bad config.py
class DevelopmentConfig:
    DEBUG = True
```

```python bad app.py {5}
from config import configs
from flask import Flask


def create_app(name="development"):
    app = Flask(__name__)
    app.config.from_object(configs[name])
    return app
```

```python bad wsgi.py
from app import create_app

application = create_app()
```

```python bad config.py
class DevelopmentConfig:
    DEBUG = True


class ProductionConfig:
    DEBUG = False


configs = {"development": DevelopmentConfig, "production": ProductionConfig}
```

```python good app.py
import os

from config import configs
from flask import Flask

app = Flask(__name__)
app.config.from_object(configs[os.environ["APP_CONFIG"]])
app.config.from_object(configs[os.environ.get("APP_CONFIG", "production")])
app.config["LABEL"] = os.environ.get("LABEL", "development")
```

```python good config.py
class DevelopmentConfig:
    DEBUG = True


class ProductionConfig:
    DEBUG = False


configs = {"development": DevelopmentConfig, "production": ProductionConfig}
```

```python good app.py
import os

from flask import Flask

app = Flask(__name__)
app.config.from_object(os.environ.get("APP_SETTINGS", "config.DevelopmentConfig"))
```

```python good config.py
class DevelopmentConfig:
    DEBUG = True


class ProductionConfig:
    DEBUG = False
```

```dockerfile good Dockerfile
FROM python:3.13-slim
COPY . .
ENV APP_SETTINGS=config.ProductionConfig
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```
"""

from flask_preflight.artifacts.application import Application
from flask_preflight.artifacts.source import Value
from flask_preflight.rule import Message, Result, Results, rule

UNLESS = Message("without {0} production runs with the configuration for development", "unless")
ALWAYS = Message("nothing chooses another configuration than the one for development", "always")


@rule("FLK112", "config-defaults-to-development", "warning", "configuration", "CWE-1188")
def check(application: Application) -> Results:
    for place in dict.fromkeys(one.place for one in application.selections):
        value = next(one for one in application.selections if one.place == place)
        if value.kind == "literal":
            yield Result(place, ALWAYS())
        elif not _chosen(application, value):
            yield Result(place, UNLESS(" and ".join(value.names)))


def _chosen(application: Application, value: Value) -> bool:
    """Whether a production entry is given another configuration, and none certainly is not."""
    found = False
    for entry in application.entries:
        if entry.role == "production":
            given = next(filter(None, map(entry.environment.get, value.names)), None)
            if given is None and entry.environment.closed or given and given.value == value.text:
                return False
            found = found or given is not None
    return found
