"""The file in which a program keeps what it logs in with is in the repository.

Everyone who can read the repository can log in, and the history keeps the file when it is deleted.

Fix: remove the file, put its name into `.gitignore`, and give everything in it another value.

Sources: CWE-538; CWE-522.

```text bad .pgpass {1}
db.example.org:5432:shop:shop:@@SECRET:password@@
```

```text bad .npmrc {1}
//registry.npmjs.org/:_authToken=@@SECRET:key@@
```

```text bad deploy/.netrc {3}
machine api.example.org
login deploy
password @@SECRET:password@@
```

```text good .pgpass
db.example.org:5432:shop:shop:<password>
```

```text good .npmrc
//registry.npmjs.org/:_authToken=${NPM_TOKEN}
```
"""

from flask_preflight.artifacts.text import Text
from flask_preflight.rule import Level, Message, Result, Results, rule

LOGIN = Message("what {0} logs in with is in the repository, for everyone who can read it")


@rule("SEC015", "credential-file-committed", "error", "configuration", "CWE-538", "CWE-522")
def check(text: Text) -> Results:
    if text.position not in ("production", "development") or not text.tracked:
        return
    for found in text.credentials:
        level: Level | None = "warning" if found.verdict == "weak" else None
        yield Result(found.location, LOGIN(found.name), level=level)
