"""`env.py` creates every table of today's models before the first migration runs.

The migration that creates the same table then fails with "already exists": each new table breaks
the upgrade, and an installation from nothing never gets further than the first revision.

Fix: delete the call; migrations create the tables.

Sources: Flask-Migrate, "Alembic Configuration Options"; SQLAlchemy, "MetaData.create_all".

```python bad migrations/env.py {6}
from alembic import context
from shop import app, db


def run_migrations_online():
    with app.app_context(): db.create_all()
    context.run_migrations()


run_migrations_online()
```

```python bad migrations/versions/a.py
revision = "a1"
down_revision = None
```

```python good migrations/env.py
from alembic import context


def run_migrations_online():
    context.run_migrations()


def run_migrations_offline():
    db.create_all()
```

```python good migrations/versions/a.py
revision = "a1"
down_revision = None
```

```python good tests/conftest.py
from shop import db

db.create_all()
```
"""

from flask_preflight.artifacts.migrations import History
from flask_preflight.rule import Message, Result, Results, rule

EARLY = Message("every upgrade first creates all tables, so the migration that creates one fails")


@rule("MIG015", "create-all-in-env", "error", "ci-cd", enabled=False)
def check(history: History) -> Results:
    for where in history.creates_all:
        yield Result(where, EARLY())
