"""A client writes a part of an SQL statement.

It reads, changes and deletes what it likes in the database.

Fix: bind the value, `execute(text("… WHERE id = :id"), {"id": value})`.

Sources: SQLAlchemy, "Using Textual SQL"; CWE-89.

```python bad app.py {8,15}
from flask import Flask, request

app = Flask(__name__)


@app.get("/")
def home():
    db.execute("SELECT * FROM users WHERE name = '%s'" % request.args["name"])
    return ""


@app.get("/<name>")
def page(name):
    query = f"SELECT * FROM users WHERE name = '{name}'"
    db.session.execute(query)
    return ""
```

```python good app.py
from flask import Flask, request

app = Flask(__name__)


@app.get("/")
def home():
    db.execute("SELECT * FROM users WHERE name = :name", {"name": request.args["name"]})
    number = int(request.args["number"])
    db.execute(f"SELECT * FROM users LIMIT {number}")
    return ""
```
"""

from flask_preflight.artifacts.python import Module
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.flask._requests import unchecked

WRITES = Message("a client writes a part of this SQL statement")


@rule("FLK806", "sql-from-request", "error", "security", "CWE-89", "B608", "S608", enabled=False)
def check(module: Module) -> Results:
    for call in unchecked(module, "execute", "executemany", "text", "raw", "from_statement"):
        if call.built("0"):
            yield Result(call.location, WRITES())
