"""Code that serves requests drops all tables.

One request, or one restart, and the data is gone.

Fix: delete it; keep such a command in the command line interface and let it ask first.

Sources: SQLAlchemy, "MetaData.drop_all()".

```python bad app.py {6,11}
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
db = SQLAlchemy(app)
db.drop_all()


@app.post("/reset")
def reset():
    db.drop_all()
    return ""
```

```python good app.py
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
db = SQLAlchemy(app)


@app.cli.command()
def reset():
    db.drop_all()


def restore(path):
    db.drop_all()


if app.debug:
    db.drop_all()
if __name__ == "__main__":
    db.drop_all()
    app.run()
```
"""

from flask_preflight.artifacts.application import Application
from flask_preflight.rule import Message, Result, Results, rule

START = Message("all tables are dropped whenever {0} starts", "start")
REQUEST = Message("one request drops all tables", "request")


@rule("FLK509", "drop-all-reachable", "error", "recovery")
def check(application: Application) -> Results:
    for change in application.schema_changes:
        guard = change.guard
        if change.what != "drop_all" or guard.condition == "dev" or guard.where == "main":
            continue
        if guard.use in ("route", "hook"):
            yield Result(change.location, REQUEST())
        elif application.starts(guard) and change.path in application.modules:
            yield Result(change.location, START(application.title))
