"""Migrations take their address from `alembic.ini`, not from where the application takes its own.

With the address of Alembic's template they fail in production; with a literal one they change
another database than the one that the application uses.

Fix: in `env.py` set it from the configuration of the application:
`config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))`.

Sources: Alembic, "Tutorial: Editing the .ini File"; The Twelve-Factor App, "Config".

```ini bad alembic.ini {3}
[alembic]
script_location = migrations
sqlalchemy.url = driver://user:pass@localhost/dbname
```

```python bad migrations/env.py
from alembic import context
from sqlalchemy import engine_from_config, pool

config = context.config
engine = engine_from_config(config.get_section(config.config_ini_section), prefix="sqlalchemy.")
```

```python bad migrations/versions/a.py
revision = "a1"
down_revision = None
```

```ini bad alembic.ini {3}
[alembic]
script_location = migrations
sqlalchemy.url = postgresql://db.internal/shop
```

```python bad app.py
import os

from flask import Flask

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_URL"]
```

```python bad migrations/env.py
from alembic import context
from sqlalchemy import engine_from_config, pool

config = context.config
engine = engine_from_config(config.get_section(config.config_ini_section), prefix="sqlalchemy.")
```

```python bad migrations/versions/a.py
revision = "a1"
down_revision = None
```

```ini good alembic.ini
[alembic]
script_location = migrations
sqlalchemy.url = driver://user:pass@localhost/dbname
```

```python good migrations/env.py
import os

from alembic import context

context.config.set_main_option("sqlalchemy.url", os.environ["DATABASE_URL"].replace("%", "%%"))
```

```python good migrations/versions/a.py
revision = "a1"
down_revision = None
```
"""

from flask_preflight.artifacts.migrations import History
from flask_preflight.rule import Message, Result, Results, rule

TEMPLATE = Message(
    "migrations have the address of Alembic's template and connect to nothing", "template"
)
OTHER = Message(
    "migrations change the database of this file, the application reads its own address"
)


@rule("MIG011", "migration-url-separate", "warning", "configuration", enabled=False)
def check(history: History) -> Results:
    given = history.own_url
    if given is None:
        return
    if given.template:
        yield Result(given.location, TEMPLATE(), level="error")
    elif history.application_reads_url:
        yield Result(given.location, OTHER())
