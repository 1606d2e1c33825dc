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

```python fixed app.py
from flask import Flask

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "postgresql://db/shop"
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
from flask_preflight.result import Location
from flask_preflight.rule import Fix, Message, Replacement, Result, Results, rule

GONE = Message("SQLAlchemy does not know postgres:// any more, so no connection is made")
KEYS = ("SQLALCHEMY_DATABASE_URI", "DATABASE_URI", "DATABASE_URL")


@rule("FLK510", "postgres-url-scheme", "error", "configuration")
def check(application: Application) -> Results:
    alone = application.requires("flask-sqlalchemy") and not application.requires("sqlalchemy")
    if not alone and not application.may_reach("sqlalchemy", "1.4"):
        return
    values = [one.value for key in KEYS for one in application.production(key)]
    values += application.databases
    texts = {one.place: one.text for one in values if _is_old(one.text)}
    for place in texts:
        yield Result(place, GONE(), fix=_fix(place, texts[place]))


def _fix(place: Location, text: str) -> Fix | None:
    """The two letters that are missing, where the text is all that stands between two quotes."""
    region = place.region
    size = region.end_column - region.start_column
    if region.end_line != region.start_line or size != len(text) + 2 or "\x00" in text:
        return None
    start = region.start_column + 1 + len("postgres")
    where = region._replace(start_column=start, end_column=start)
    edit = Replacement(place.path, where, "ql")
    return Fix("write postgresql", (edit,), safe=text.startswith("postgres://"))


def _is_old(text: str) -> bool:
    return text.startswith(("postgres://", "postgres+"))
