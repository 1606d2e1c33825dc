"""A token of a service is in the repository.

Whoever reads it acts in the name of its owner: sends mails, moves money, publishes packages.

Fix: revoke the token, make a new one and keep it in the secret store.

Sources: OWASP, "Secrets Management Cheat Sheet"; CWE-798.

```python bad app.py {1,2}
STRIPE = "@@SECRET:stripe-key@@"
MAPS = "@@SECRET:google-key@@"
```

```python good app.py
import os

STRIPE = os.environ["STRIPE_KEY"]
TEST = "sk_test_4eC39HqLyjWDarjtT1zdp7dc"
```
"""

from flask_preflight.artifacts.providers import CODE_HOSTS
from flask_preflight.artifacts.text import Text
from flask_preflight.rule import Level, Message, Result, Results, rule

TOKEN = Message("a token of {0} ({1}…) is in the repository, for everyone who can read it")
BROWSER_KEY = "AIza"
OTHERS = CODE_HOSTS | {"aws", "jwt"}


@rule("SEC004", "service-token", "error", "security", "CWE-798", "CKV_SECRET_11", "CKV_SECRET_14")
def check(text: Text) -> Results:
    for token in text.tokens:
        if token.name not in OTHERS and text.tracked:
            aside = text.position in ("test", "documentation")
            public = token.verdict == BROWSER_KEY
            level: Level | None = "warning" if aside or public else None
            yield Result(token.location, TOKEN(token.name, token.verdict), level=level)
