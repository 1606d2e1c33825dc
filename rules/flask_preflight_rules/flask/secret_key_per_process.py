"""A key that signs sessions or tokens is drawn at random when the application starts.

Every worker, replica and restart signs with another key: users are signed out at random, forms are
refused and links in e-mails do not work.

Fix: draw the key once, keep it in the secret store and read it, `os.environ["SECRET_KEY"]`.

Intended: for a key that one process uses for itself only.

Sources: Flask, "Quickstart: Sessions"; CWE-1188.

```python bad app.py {6,7}
import os
import secrets
from flask import Flask

app = Flask(__name__)
app.secret_key = os.urandom(24)
app.config["JWT_SECRET_KEY"] = os.environ.get("JWT_KEY") or secrets.token_hex()
```

```procfile bad Procfile
web: gunicorn -w 4 app:app
```

```python bad app.py
from flask import Flask

app = Flask(__name__)
app.config.from_object("settings")
```

```python bad settings.py {4}
import os
import uuid

SECRET_KEY = os.environ.get("SECRET_KEY", str(uuid.uuid4()))
```

```python good app.py
import os
import secrets

from flask import Flask

app = Flask(__name__)


def make_key():
    if not os.path.exists("key"):
        with open("key", "wb") as file:
            file.write(secrets.token_bytes())
    with open("key", "rb") as file:
        return file.read()


app.config["SECRET_KEY"] = make_key()
app.config["SALT_OF_THE_DAY"] = secrets.token_hex()


@app.cli.command()
def generate_key():
    print(secrets.token_hex())


class TestConfig:
    SECRET_KEY = secrets.token_hex()
```
"""

from flask_preflight.artifacts.application import Application
from flask_preflight.facts import lower
from flask_preflight.rule import Level, Message, Result, Results, rule

EACH = Message("every process draws its own {0}: sessions and links break at random", "each")
UNLESS = Message("without {1} every process draws its own {0}, so sessions break", "unless")
KEYS = ("SECRET_KEY", "JWT_SECRET_KEY", "SECURITY_PASSWORD_SALT", "WTF_CSRF_SECRET_KEY")


@rule("FLK203", "secret-key-per-process", "error", "scaling", "CWE-1188")
def check(application: Application) -> Results:
    level: Level = "error" if application.multi else "warning"
    for key in KEYS:
        for found in application.production(key):
            value = found.value
            if value.kind == "random":
                yield Result(found.location, EACH(key), level=level)
            elif value.kind == "env" and value.cast == "random":
                names = " and ".join(value.names)
                yield Result(found.location, UNLESS(key, names), level=lower(level))
