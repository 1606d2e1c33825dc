"""A key that signs sessions or tokens has a fallback in the source.

When the variable is missing, nothing fails: the application signs with a key that everybody who
reads the repository knows, and they sign a session for any user.

Fix: drop the fallback, `os.environ["SECRET_KEY"]`, so that a deployment without it does not start.

Sources: Flask, "Configuration Handling: SECRET_KEY"; CWE-1188; CWE-798.

```python bad app.py {6,7}
import os

from flask import Flask

app = Flask(__name__)
app.config["SECRET_KEY"] = os.environ.get("SECRET_KEY") or "you-will-never-guess"
app.config["JWT_SECRET_KEY"] = os.getenv("JWT_KEY", os.getenv("SECRET_KEY", "dev"))
```

```python bad app.py {7}
import os

from constants import DEFAULT_KEY
from flask import Flask

app = Flask(__name__)
app.secret_key = os.environ.get("SECRET_KEY", DEFAULT_KEY)
```

```python bad constants.py
DEFAULT_KEY = "CHANGE ME"
```

```python bad app.py {6}
import os

from flask import Flask

app = Flask(__name__)
app.config["SECURITY_PASSWORD_SALT"] = os.environ.get("SALT", "salt-of-the-shop")
```

```python good app.py
import os
import secrets

from flask import Flask

app = Flask(__name__)
app.config["SECRET_KEY"] = os.environ.get("SECRET_KEY")
app.config["JWT_SECRET_KEY"] = os.environ.get("JWT_KEY", "")
app.config["WTF_CSRF_SECRET_KEY"] = os.environ.get("CSRF_KEY") or secrets.token_hex()
app.config["SECURITY_PASSWORD_SALT"] = os.environ.get("SALT") or os.environ["SECRET_KEY"]
```
"""

from flask_preflight.artifacts.application import Application
from flask_preflight.rule import Level, Message, Result, Results, rule

KNOWN = Message("without {0} sessions are signed with a key that is in the source ({1})")
TOKENS = Message("without {0} tokens are signed with a key that is in the source ({1})", "token")
SALT = Message("without {0} passwords are hashed with a salt that is in the source ({1})", "salt")
KEYS: dict[str, tuple[Message, Level]] = {
    "SECRET_KEY": (KNOWN, "error"),
    "JWT_SECRET_KEY": (TOKENS, "error"),
    "WTF_CSRF_SECRET_KEY": (TOKENS, "error"),
    "SECURITY_PASSWORD_SALT": (SALT, "warning"),
}


@rule("FLK202", "secret-key-fallback", "error", "configuration", "CWE-1188", "CWE-798")
def check(application: Application) -> Results:
    for key, (message, level) in KEYS.items():
        for found in application.production(key):
            value = found.value
            if value.kind != "env" or not value.text or value.text == "\x00" or value.boolean:
                continue
            said = message(" and ".join(value.names), key)
            given = _always_given(application, value.names)
            yield Result(found.location, said, level="warning" if given else level)


def _always_given(application: Application, names: tuple[str, ...]) -> bool:
    """Whether every production entry certainly provides one of the variables."""
    entries = [one for one in application.entries if one.role == "production"]
    return bool(entries) and all(
        any(name in entry.environment for name in names) for entry in entries
    )
