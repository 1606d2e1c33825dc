"""The driver for the database's address is not installed.

The engine is made at the first use, or at the start: it fails with "No module named …", and nothing
that needs the database works.

Fix: add the driver to the dependencies, or write the one that is there into the address,
`postgresql+psycopg://`.

Sources: SQLAlchemy, "Engine Configuration: Database URLs"; SQLAlchemy, "What's New in 2.1".

```text bad requirements.txt
flask==3.1.3
flask-sqlalchemy==3.1.1
sqlalchemy==2.0.40
gunicorn==23.0.0
```

```python bad app.py {6}
import os

from flask import Flask

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "mysql+pymysql://db/shop"
```

```procfile bad Procfile
web: gunicorn app:app
```

```text good requirements.txt
flask==3.1.3
sqlalchemy==2.0.40
psycopg2-binary==2.9.9
gunicorn==23.0.0
```

```python good app.py
import os

from flask import Flask

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "postgresql://db/shop"
app.config["OTHER"] = "mysql://db/shop"
```

```procfile good Procfile
web: gunicorn app:app
```

```text good requirements.txt
flask==3.1.3
sqlalchemy[postgresql]==2.0.40
gunicorn==23.0.0
```

```python good app.py
import os

from flask import Flask

app = Flask(__name__)
url = os.environ.get("DATABASE_URL", "sqlite:///shop.db")
app.config["SQLALCHEMY_DATABASE_URI"] = url
```

```procfile good Procfile
web: gunicorn app:app
```
"""

from flask_preflight.artifacts.application import Application
from flask_preflight.rule import Message, Result, Results, rule

MISSING = Message("{0}:// needs {1}, which is not installed: the database cannot be used")
POSTGRES = ("psycopg2", "psycopg2-binary", "psycopg", "psycopg2cffi", "postgresql", "pg8000")
DRIVERS = {
    "postgresql": POSTGRES,
    "postgresql+psycopg2": POSTGRES,
    "postgresql+psycopg": ("psycopg",),
    "postgresql+asyncpg": ("asyncpg",),
    "postgresql+pg8000": ("pg8000",),
    "mysql": ("mysqlclient",),
    "mysql+mysqldb": ("mysqlclient",),
    "mysql+pymysql": ("pymysql",),
    "mysql+mysqlconnector": ("mysql-connector-python", "mysql-connector"),
    "oracle+oracledb": ("oracledb",),
    "mssql+pyodbc": ("pyodbc",),
    "mongodb": ("pymongo", "mongoengine", "flask-pymongo", "flask-mongoengine", "motor"),
}
"""By scheme of the address: the packages of which one must be there (SQLAlchemy 2.1)."""


@rule("ENV204", "driver-not-installed", "error", "configuration")
def check(application: Application) -> Results:
    known = [one.installed for one in application.servers]
    if not known or None in known:
        return
    installed = frozenset().union(*(one for one in known if one is not None))
    for value in application.databases:
        scheme = value.text.partition("://")[0].lower() if "://" in value.text else ""
        needed = DRIVERS.get(scheme, ())
        if needed and installed.isdisjoint(needed):
            yield Result(value.place, MISSING(scheme, needed[0]))
