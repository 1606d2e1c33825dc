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

FILE = Message("{0} keeps its data in a SQLite file, which one process at a time can write", "file")
FALLBACK = Message("without {0} the data silently goes to a SQLite file", "fallback")


@rule("FLK501", "sqlite-in-production", "warning", "scaling")
def check(application: Application) -> Results:
    for value in dict.fromkeys(application.databases):
        if not _is_sqlite(value):
            continue
        if value.kind == "literal":
            level: Level = "error" if application.multi else "warning"
            yield Result(value.location, FILE(application.title), level=level)
        elif value.kind == "env":
            level = "note" if _given(application, value) else "warning"
            said = FALLBACK(" and ".join(value.names))
            yield Result(value.location, said, level=level)


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
