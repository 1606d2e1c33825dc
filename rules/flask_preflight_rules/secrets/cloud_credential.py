"""A key to an account in a cloud is in the repository.

Whoever reads it starts machines on the account's bill, and reads and deletes what is stored there;
scanners find such keys within minutes.

Fix: disable the key, make a new one and keep it in the secret store; better, give the service a
role of its own.

Sources: AWS, "Managing access keys for IAM users"; CWE-798.

```python bad app.py {1}
ACCESS = "@@SECRET:aws-key-id@@"
SECRET = "@@SECRET:aws-secret@@"
```

```python bad tasks.py {1}
ACCESS = "@@SECRET:aws-key-id@@"
```

```python good app.py
import os

ACCESS = os.environ["AWS_ACCESS_KEY_ID"]
SAMPLE = "AKIAIOSFODNN7EXAMPLE"
```
"""

from flask_preflight.artifacts.text import Text
from flask_preflight.rule import Level, Message, Result, Results, rule

NAME = Message("the name of a key of AWS ({0}…) is in the repository: half of a way in", "name")
PAIR = Message("a key of AWS ({0}…) and its secret are in the repository, for whoever reads it")


@rule(
    "SEC002",
    "cloud-credential",
    "error",
    "security",
    "CWE-798",
    "gitleaks:aws-access-token",
    "CKV_SECRET_2",
)
def check(text: Text) -> Results:
    aside = text.position in ("test", "documentation")
    for token in text.tokens:
        if token.name == "aws" and text.tracked:
            pair = text.has_key_of(token)
            level: Level | None = "warning" if pair == aside else "note" if aside else None
            yield Result(token.location, (PAIR if pair else NAME)(token.verdict), level=level)
