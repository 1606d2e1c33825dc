"""A password or key is written in the source.

Everyone who can read the repository, a fork or the image has it, and it cannot be changed without a
release.

Fix: read it from the environment or a secret store, and replace the value, since it is in the
history.

Sources: CWE-798; CWE-259; The Twelve-Factor App, "Config".

```python bad app.py {3,4,8}
import boto3

API_TOKEN = "@@SECRET:key@@"
client = boto3.client("s3", aws_secret_access_key="@@SECRET:key@@")


class Mail:
    password = "@@SECRET:password@@"
```

```python good app.py
import os

API_TOKEN = os.environ["API_TOKEN"]
PASSWORD_FIELD = "password-of-the-form"
TOKEN_URL = "https://login.example.org/token"
PASSWORD_HASH = "$2b$12$abcdefghijklmnopqrstuv"
ERROR_PASSWORD = "The password is wrong"
SECRET_NAME = "projects/shop/secrets/key"


class TestingConfig:
    API_TOKEN = "@@SECRET:key@@"


def fake_user(password="@@SECRET:password@@"): ...
```
"""

from flask_preflight.artifacts import secret
from flask_preflight.artifacts.python import Module, Named
from flask_preflight.rule import Message, Result, Results, rule

WRITTEN = Message("the value of {0} is in the source, for everyone who can read it")
FLASK = frozenset(
    "SECRET_KEY secret_key JWT_SECRET_KEY SECURITY_PASSWORD_SALT WTF_CSRF_SECRET_KEY "
    "SECRET_KEY_FALLBACKS".split()
)
"""Keys of Flask's own configuration, of which its rules speak."""


@rule(
    "SEC010",
    "hard-coded-secret",
    "error",
    "configuration",
    "CWE-798",
    "CWE-259",
    "B105",
    "B106",
    "B107",
    "S105",
    "S106",
    "S107",
    "CKV_SECRET_10",
)
def check(module: Module) -> Results:
    for literal in module.literals:
        if literal.value.kind != "literal" or not literal.counts or literal.name in FLASK:
            continue
        if _verdict(literal) == "real":
            yield Result(literal.value.location, WRITTEN(literal.name))


def _verdict(literal: Named) -> str:
    kind = secret.secret_name(literal.name) or "key"
    if secret.url_password(literal.value.text):
        return "reference"
    return secret.classify(literal.value.text, kind, literal.name)
