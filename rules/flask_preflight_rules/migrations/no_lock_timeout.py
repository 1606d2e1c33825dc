"""A migration waits for a lock without limit, and everybody else waits behind it.

One idle transaction is enough: `ALTER TABLE` stands in the queue, every later query on the table
behind it, and the application hangs until somebody ends the first.

Fix: `SET lock_timeout = '2s'` before, or `connect_args={"options": "-c lock_timeout=2000"}` in
`env.py`, and run the migration again when it gives up.

Sources: PostgreSQL, "Client Connection Defaults: lock_timeout".

```python bad migrations/env.py
from alembic import context
```

```python bad migrations/versions/a.py
from alembic import op
import sqlalchemy as sa

revision = "a1"
down_revision = None


def upgrade():
    op.create_table("users", sa.Column("id", sa.Integer, primary_key=True))
```

```text bad requirements.txt
flask==3.1.2
psycopg2-binary==2.9.11
```

```python bad migrations/versions/b.py {9}
from alembic import op
import sqlalchemy as sa

revision = "b1"
down_revision = "a1"


def upgrade():
    op.drop_constraint("positive", "users")
    op.add_column("users", sa.Column("age", sa.Integer))
```
```python good migrations/env.py
from alembic import context
```

```python good migrations/versions/a.py
from alembic import op
import sqlalchemy as sa

revision = "a1"
down_revision = None


def upgrade():
    op.create_table("users", sa.Column("id", sa.Integer, primary_key=True))
```

```text good requirements.txt
flask==3.1.2
psycopg2-binary==2.9.11
```

```python good migrations/versions/b.py
from alembic import op
import sqlalchemy as sa

revision = "b1"
down_revision = "a1"


def upgrade():
    op.execute("SET lock_timeout = '2s'")
    op.add_column("users", sa.Column("age", sa.Integer))
    op.execute("SELECT 1")
```

```python good set/env.py
from sqlalchemy import create_engine

engine = create_engine(URL, connect_args={"options": "-c lock_timeout=2000"})
```

```python good set/versions/a.py
from alembic import op
import sqlalchemy as sa

revision = "a1"
down_revision = None


def upgrade():
    op.add_column("users", sa.Column("age", sa.Integer))
```
"""

from flask_preflight.artifacts.migration_operations import Operation
from flask_preflight.artifacts.migrations import History, Migration
from flask_preflight.rule import Message, Result, Results, rule

WAITS = Message("waits for {0} without limit, and every query on it waits behind")


@rule("MIG012", "no-lock-timeout", "note", "scaling", enabled=False, sees="absent")
def check(history: History) -> Results:
    if history.limits_waiting or "postgresql" not in history.products:
        return
    for migration in history.migrations:
        found = _first(migration) if migration.is_new else None
        if found is not None:
            said = WAITS(migration.locked(found))
            yield Result(found.location, said, subject=migration.why)
            return


def _first(migration: Migration) -> Operation | None:
    """The first operation that waits for a lock as long as it takes."""
    for one in migration.does("upgrade"):
        if any("lock_timeout" in text for text in one.sql):
            return None
        if migration.locked(one):
            return one
    return None
