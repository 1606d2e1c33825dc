"""A view keeps something in a global variable.

Every worker and every replica has its own copy: what one request stores the next one may not find,
and all of it is gone at the next restart.

Fix: keep it in the database, in Redis or in the session.

Intended: for what every process may compute for itself, such as a cache that never goes wrong.

Sources: The Twelve-Factor App, "Processes"; CWE-362.

```python bad app.py {11,18}
from flask import Flask, request

app = Flask(__name__)
carts = {}
visits = 0
TAX = {"de": 19}


@app.post("/cart")
def cart():
    carts[request.args["user"]] = request.get_json()
    carts.clear()
    return ""


@app.get("/")
def home():
    global visits
    visits += 1
    return str(visits)
```

```procfile bad Procfile
web: gunicorn -w 4 app:app
```

```python good app.py
from flask import Flask

app = Flask(__name__)
carts = {}
client = None
items = []
items.append(1)


def connect():
    global client
    client = client or object()


@app.cli.command()
def fill():
    items.append(2)


@app.get("/")
def home():
    carts = {}
    carts["a"] = 1
    found = []
    found.append(carts)
    return items[0]
```

```procfile good Procfile
web: gunicorn -w 4 app:app
```
"""

from flask_preflight.artifacts.application import Application
from flask_preflight.rule import Level, Message, Result, Results, rule

OWN = Message("each process has its own {0}: what one request stores the next may not find")


@rule("FLK505", "mutable-global-state", "warning", "scaling", "CWE-362")
def check(application: Application) -> Results:
    level: Level = "warning" if application.multi else "note"
    for write in application.global_writes:
        if write.guard.use == "route" and write.guard.condition != "dev":
            # Behind a condition it is most often made once, by the first request.
            lazy = write.guard.branch
            yield Result(write.location, OWN(write.name), level="note" if lazy else level)
