"""The address of the database begins with `postgres://`.

SQLAlchemy 1.4 dropped that name: the engine is not made, and the application stops when it starts
or at the first query.

Fix: write `postgresql://`; where a platform provides the address, replace the beginning,
`url.replace("postgres://", "postgresql://", 1)`.

Sources: SQLAlchemy, "1.4 Changelog: postgres:// removed".

```python bad app.py {4}
from flask import Flask

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "postgres://db/shop"
```

```text bad requirements.txt
flask
flask-sqlalchemy
sqlalchemy==2.0.40
```

```python bad app.py {7}
import os

from flask import Flask
from sqlalchemy import create_engine

app = Flask(__name__)
engine = create_engine(os.environ.get("DATABASE_URL", "postgres://localhost/shop"))
```

```text bad requirements.txt
flask
sqlalchemy
```

```python good app.py
import os

from flask import Flask

app = Flask(__name__)
url = os.environ.get("DATABASE_URL", "postgres://localhost/shop")
app.config["SQLALCHEMY_DATABASE_URI"] = url.replace("postgres://", "postgresql://")
```

```text good requirements.txt
flask
sqlalchemy==2.0.40
```

```python good app.py
from flask import Flask

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "postgres://db/shop"
```

```text good requirements.txt
flask
sqlalchemy==1.3.24
```
"""

from flask_preflight.artifacts.application import Application
from flask_preflight.rule import Message, Result, Results, rule

GONE = Message("SQLAlchemy does not know postgres:// any more, so no connection is made")
KEYS = ("SQLALCHEMY_DATABASE_URI", "DATABASE_URI", "DATABASE_URL")


@rule("FLK510", "postgres-url-scheme", "error", "configuration")
def check(application: Application) -> Results:
    alone = application.requires("flask-sqlalchemy") and not application.requires("sqlalchemy")
    if not alone and not application.may_reach("sqlalchemy", "1.4"):
        return
    values = [one.value for key in KEYS for one in application.production(key)]
    for place in dict.fromkeys(
        one.place for one in [*values, *application.databases] if _is_old(one.text)
    ):
        yield Result(place, GONE())


def _is_old(text: str) -> bool:
    return text.startswith(("postgres://", "postgres+"))
