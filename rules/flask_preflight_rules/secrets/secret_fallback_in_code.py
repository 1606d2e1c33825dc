"""A secret that is read from the environment has a fallback in the source.

When the variable is missing nothing fails, and production runs with a value that everybody who
reads the repository knows.

Fix: drop the fallback, `os.environ["NAME"]`, so that a deployment without it does not start.

Sources: CWE-1188; CWE-798; The Twelve-Factor App, "Config".

```python bad app.py {3,4}
import os

API_TOKEN = os.environ.get("API_TOKEN", "auth-token")
SIGNING_KEY = os.environ.get("SIGNING_KEY") or "@@SECRET:key@@"
```

```python good app.py
import os
import secrets

API_TOKEN = os.environ.get("API_TOKEN")
MAIL_PASSWORD = os.environ.get("MAIL_PASSWORD", "")
UPLOAD_KEY = os.environ.get("UPLOAD_KEY") or secrets.token_hex()
CACHE_KEY = os.environ.get("CACHE_KEY", "shop")
CHECKED_SECRET = os.environ.get("CHECKED_SECRET", "changeme")
if CHECKED_SECRET == "changeme":
    raise SystemExit("set CHECKED_SECRET")
```
"""

from flask_preflight.artifacts import secret
from flask_preflight.artifacts.python import Module
from flask_preflight.rule import Level, Message, Result, Results, rule

FALLBACK = Message("without {0} a value from the source is used, which everyone can read")
FLASK = frozenset(
    "SECRET_KEY secret_key JWT_SECRET_KEY SECURITY_PASSWORD_SALT WTF_CSRF_SECRET_KEY".split()
)


@rule("SEC011", "secret-fallback-in-code", "error", "configuration", "CWE-1188", "CWE-798")
def check(module: Module) -> Results:
    for literal in module.literals:
        value = literal.value
        if value.kind != "env" or not literal.counts or literal.name in FLASK or value.boolean:
            continue
        kind = secret.secret_name(literal.name) or "key"
        verdict = secret.classify(value.text, kind)
        if verdict not in ("real", "weak", "placeholder", "identifier"):
            continue
        if value.text in module.compared or literal.name in module.compared:
            continue
        level: Level | None = None if secret.signs(literal.name) else "warning"
        yield Result(value.place, FALLBACK(" and ".join(value.names)), level=level)
