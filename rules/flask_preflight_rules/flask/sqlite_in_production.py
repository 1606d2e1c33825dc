"""The production database is a SQLite file.

One process at a time can write to it: with several workers requests fail with "database is locked",
and with several replicas each has a database of its own.

Fix: use a database server and require its address, `os.environ["DATABASE_URL"]`.

Intended: for a single process with little writing; keep the file on a volume and copy it.

Sources: SQLite, "Appropriate Uses For SQLite"; The Twelve-Factor App, "Backing services".

```python bad app.py {4}
from flask import Flask

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///shop.db"
```

```python bad app.py {8}
import os

from flask import Flask

app = Flask(__name__)
HERE = os.path.dirname(__file__)
FILE = "sqlite:///" + os.path.join(HERE, "app.db")
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ.get("DATABASE_URL") or FILE
```

```python bad app.py {4}
from flask import Flask
from sqlalchemy import create_engine

words, users = create_engine("sqlite:////data/words.db"), create_engine("sqlite:////data/users.db")
app = Flask(__name__)
```

```python bad app.py {4}
from flask import Flask

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
```

```procfile bad
web: gunicorn --workers 4 app:app
```

```python good app.py
from flask import Flask
from sqlalchemy import create_engine

app = Flask(__name__)
scratch = create_engine("sqlite://")
```

```python good app.py
import os
import sqlite3

from flask import Flask

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_URL"]
table = sqlite3.connect("file:words.db?mode=ro", uri=True)
if app.debug:
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///dev.db"


class TestingConfig:
    SQLALCHEMY_DATABASE_URI = "sqlite://"
```
"""

import re

from flask_preflight.artifacts.application import Application
from flask_preflight.artifacts.source import Value
from flask_preflight.rule import Level, Message, Result, Results, rule

IN_MEMORY = ("sqlite://", "sqlite:///:memory:")
FILE = Message("{0} keeps its data in a SQLite file, which one process at a time can write", "file")
FALLBACK = Message("without {0} the data silently goes to a SQLite file", "fallback")
MEMORY = Message("each process of {0} has a database of its own, in its memory", "memory")


@rule("FLK501", "sqlite-in-production", "warning", "scaling")
def check(application: Application) -> Results:
    found = [value for value in dict.fromkeys(application.databases) if _is_sqlite(value)]
    for value in found:
        if value.kind == "env":
            level: Level = "note" if _given(application, value) else "warning"
            said = FALLBACK(" and ".join(value.names))
            yield Result(value.location, said, level=level)
    written = [value for value in found if value.kind == "literal"]
    level = "error" if application.multi else "warning"
    files = [value.location for value in written if value.text not in IN_MEMORY]
    if files:
        yield Result(files[0], FILE(application.title), tuple(files[1:]), level=level)
    for value in written:
        if value.text in IN_MEMORY and application.multi:
            yield Result(value.location, MEMORY(application.title), level=level)


def _is_sqlite(value: Value) -> bool:
    text = value.text
    if "mode=ro" in text or text == "\x00":
        return False
    return re.match(r"sqlite(?:\+\w+)?:", text) is not None


def _given(application: Application, value: Value) -> bool:
    """Whether every production entry provides the variable."""
    entries = [one for one in application.entries if one.role == "production"]
    return bool(entries) and all(
        any(name in entry.environment for name in value.names) for entry in entries
    )
