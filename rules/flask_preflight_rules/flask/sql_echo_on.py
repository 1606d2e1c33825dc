"""Every SQL statement is written to the log.

The log then holds the parameters as well, so names, addresses and password hashes of users, and
it grows with every request.

Fix: remove the setting, or take it from the environment for a debugging session.

Sources: SQLAlchemy, "Configuring Logging"; CWE-532.

```python bad app.py {6,8}
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import create_engine

app = Flask(__name__)
app.config["SQLALCHEMY_ECHO"] = True
db = SQLAlchemy(app)
engine = create_engine("postgresql://db/shop", echo="debug")
```

```python bad app.py {6}
import os

from flask import Flask

app = Flask(__name__)
app.config["SQLALCHEMY_ECHO"] = os.environ.get("SQL_ECHO", "1") == "1"
```

```python bad app.py {3}
import logging

logging.getLogger("sqlalchemy.engine").setLevel(logging.INFO)
```

```python good app.py
import logging
import os

from flask import Flask
from sqlalchemy import create_engine

app = Flask(__name__)
app.config["SQLALCHEMY_ECHO"] = os.environ.get("SQL_ECHO") == "1"
engine = create_engine("postgresql://db/shop", echo=False)
logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)
if app.debug:
    engine = create_engine("postgresql://db/shop", echo=True)


@app.cli.command()
def repair():
    create_engine("postgresql://db/shop", echo=True)
```
"""

from flask_preflight.artifacts.application import Application
from flask_preflight.artifacts.python import Module
from flask_preflight.rule import Message, Result, Results, rule

LOGGED = Message("every SQL statement goes to the log with its parameters", "logged")
DEFAULT = Message("every SQL statement goes to the log unless {0} says otherwise", "default")
LEVELS = ("logging.DEBUG", "logging.INFO", "DEBUG", "INFO", 10, 20)


@rule("FLK513", "sql-echo-on", "warning", "observability", "CWE-532")
def check(part: Application | Module) -> Results:
    if isinstance(part, Module):
        yield from _in_code(part)
        return
    for found in part.production("SQLALCHEMY_ECHO"):
        if found.value.is_on:
            fix = found.value.instead("False", found.location)
            yield Result(found.location, LOGGED(), fix=fix)
        elif found.value.on_by_default:
            yield Result(found.location, DEFAULT(found.value.names[0]), level="note")


def _in_code(module: Module) -> Results:
    for call in module.calls("create_engine"):
        value = call.argument("echo")
        if value is not None and value.is_on and call.guard.counts and not module.is_tool:
            fix = value.instead("False", call.location)
            yield Result(value.location, LOGGED(), fix=fix)
    for call in module.calls("setLevel"):
        logger, level = call.receiver, call.argument("0", "level")
        named = logger.argument("0", "name") if logger is not None else None
        told = named is not None and named.text in ("sqlalchemy", "sqlalchemy.engine")
        if not told or level is None or not call.guard.counts or module.is_tool:
            continue
        if level.reference in LEVELS or level.literal in LEVELS:
            yield Result(call.location, LOGGED())
