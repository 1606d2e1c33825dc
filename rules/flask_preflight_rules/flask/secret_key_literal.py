"""A key that signs sessions or tokens is written in the source.

Whoever reads the repository, a fork or the image signs a session cookie for any user.

Fix: read it from the environment and let the application fail to start without it; replace the
key, since it is in the history (`SECRET_KEY_FALLBACKS` keeps old sessions valid meanwhile).

Sources: Flask, "Configuration Handling: SECRET_KEY"; CWE-798; CWE-321.

```python bad app.py {4}
from flask import Flask

app = Flask(__name__)
app.secret_key = "@@SECRET:key@@"
```

```python bad app.py
from flask import Flask

app = Flask(__name__)
app.config.from_object("config.Config")
```

```python bad config.py {2}
class Config:
    SECRET_KEY = "very secret"


class TestingConfig(Config):
    SECRET_KEY = "test"
```

```python bad app.py {4,5}
from flask import Flask

app = Flask(__name__)
app.config["JWT_SECRET_KEY"] = "@@SECRET:key@@"
app.config["SECURITY_PASSWORD_SALT"] = "@@SECRET:key@@"
```

```python good config.py
import os
import secrets


class Config:
    SECRET_KEY = os.environ["SECRET_KEY"]
    WTF_CSRF_SECRET_KEY = ""
    JWT_SECRET_KEY = secrets.token_hex()


class TestingConfig(Config):
    SECRET_KEY = "test"
```

```python good app.py
import boto3
from flask import Flask

app = Flask(__name__)
app.config.from_object("config.Config")
client = boto3.client("s3", secret_key="name-of-it")
if app.debug:
    app.secret_key = "dev"
```
"""

from flask_preflight.artifacts.application import Application
from flask_preflight.rule import Level, Message, Result, Results, rule

PUBLIC = Message("{0} is written in the source: whoever reads it can sign sessions for any user")
TOKENS = Message("{0} is in the source: whoever reads it can sign tokens for any user", "token")
SALT = Message("{0} is in the source, so it protects no password whose hash is stolen", "salt")
KEYS: dict[str, tuple[Message, Level]] = {
    "SECRET_KEY": (PUBLIC, "error"),
    "SECRET_KEY_FALLBACKS": (PUBLIC, "error"),
    "JWT_SECRET_KEY": (TOKENS, "error"),
    "WTF_CSRF_SECRET_KEY": (TOKENS, "error"),
    "SECURITY_PASSWORD_SALT": (SALT, "warning"),
}


@rule(
    "FLK201",
    "secret-key-literal",
    "error",
    "configuration",
    "CWE-798",
    "CWE-321",
    "B105",
    "S105",
)
def check(application: Application) -> Results:
    for key, (message, level) in KEYS.items():
        for found in application.production(key):
            value = found.value
            items = value.literal if isinstance(value.literal, tuple) else (value.literal,)
            written = any(isinstance(one, (str, bytes)) and one for one in items)
            if value.kind == "literal" and written and "\x00" not in value.text:
                yield Result(found.location, message(key), level=level)
