"""An address with a password in it is written in the repository.

Everyone who can read the repository can connect to that database or service, and the address is
printed whole whenever a connection fails.

Fix: take the whole address from the environment, `os.environ["DATABASE_URL"]`, and change the
password.

Sources: CWE-522; CWE-798; The Twelve-Factor App, "Config".

```python bad app.py {1,3}
URL = "postgresql://shop:@@SECRET:password@@@db.shop.internal/shop"
HOST = "db"
OTHER = f"redis://:secret@{HOST}:6379/0"
```

```ini bad alembic.ini {2}
[alembic]
sqlalchemy.url = mysql://shop:@@SECRET:password@@@db/shop
```

```python good app.py
import os

URL = os.environ["DATABASE_URL"]
USER, PASSWORD = "a", os.environ["PASSWORD"]
BUILT = f"postgresql://{USER}:{PASSWORD}@db/shop"
PORT = "http://internal:8888@public"
SAMPLE = "postgresql://user:password@localhost/shop"
# redis://:@@SECRET:password@@@cache
```

```ini good alembic.ini
[alembic]
sqlalchemy.url = driver://user:pass@localhost/dbname
```

```python good tests/test_app.py
URL = "postgresql://shop:@@SECRET:password@@@db/shop"
```
"""

from flask_preflight.artifacts.text import Text
from flask_preflight.rule import Message, Result, Results, rule

WRITTEN = Message("an address with its password is in the repository", "real")
WEAK = Message("an address with a password that anybody would guess is in the repository", "weak")


@rule("SEC006", "password-in-url", "error", "configuration", "CWE-522", "CWE-798", "CKV_SECRET_4")
def check(text: Text) -> Results:
    if text.position != "production" or not text.tracked:
        return
    for url in text.urls:
        if url.verdict == "real":
            yield Result(url.location, WRITTEN())
        elif url.verdict in ("weak", "identifier"):
            yield Result(url.location, WEAK(), level="warning")
