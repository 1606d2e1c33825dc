"""A password or key in the source is one that anybody would guess.

It is among the first that are tried, so it protects nothing.

Fix: read it from the environment, and choose a long random value, `secrets.token_hex()`.

Sources: CWE-1391; CWE-521.

```python bad app.py {1,2}
JWT_SECRET = "changeme"
DB_PASSWORD = "postgres"
```

```python good app.py
import os

JWT_SECRET = os.environ["JWT_SECRET"]
TOKEN_TYPE = "token"
DB_PASSWORD = ""
grant = {"password_label": "password"}


class TestConfig:
    DB_PASSWORD = "postgres"
```
"""

from flask_preflight.artifacts import secret
from flask_preflight.artifacts.python import Module
from flask_preflight.rule import Level, Message, Result, Results, rule

WEAK = Message("{0} has a value that anybody would guess")
FLASK = frozenset(
    "SECRET_KEY secret_key JWT_SECRET_KEY SECURITY_PASSWORD_SALT WTF_CSRF_SECRET_KEY".split()
)


@rule("SEC012", "weak-secret", "error", "configuration", "CWE-1391", "CWE-521")
def check(module: Module) -> Results:
    for literal in module.literals:
        if literal.value.kind != "literal" or not literal.counts or literal.name in FLASK:
            continue
        kind = secret.secret_name(literal.name) or "key"
        if secret.classify(literal.value.text, kind, literal.name) == "weak":
            level: Level | None = None if secret.signs(literal.name) else "warning"
            if literal.how != "argument" or level is None:
                yield Result(literal.value.location, WEAK(literal.name), level=level)
