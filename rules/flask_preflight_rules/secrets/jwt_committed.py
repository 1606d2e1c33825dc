"""A signed token is in the repository.

Until it expires, and many never do, whoever reads it is the user it was made for.

Fix: make it invalid, and read a new one from the environment.

Sources: RFC 8725, "JSON Web Token Best Current Practices"; CWE-798.

```python bad app.py {1}
TOKEN = "@@SECRET:jwt@@"
```

```python good app.py
import os

TOKEN = os.environ["TOKEN"]
```

```python good tests/test_app.py
TOKEN = "@@SECRET:jwt@@"
```
"""

from flask_preflight.artifacts.text import Text
from flask_preflight.rule import Message, Result, Results, rule

SIGNED = Message("a signed token is in the repository: whoever reads it is the user it is for")


@rule("SEC007", "jwt-committed", "warning", "security", "CWE-798", "CKV_SECRET_9", "gitleaks:jwt")
def check(text: Text) -> Results:
    aside = text.position in ("test", "documentation")
    for token in text.tokens:
        if token.name == "jwt" and text.tracked and not aside:
            yield Result(token.location, SIGNED())
