"""A new column must not be NULL and has no default, so the migration fails on the first row.

On the empty table of a test it passes; in production it stops with "contains null values", and the
deployment with it. The `default=` of a model is Python's: the database does not know it. A default
that the same migration removes again fails later: the version that still serves inserts rows
without the column.

Fix: in three steps: add it nullable, fill it, then `alter_column(nullable=False)`; or give a
`server_default` and keep it until the old version is gone.

Sources: Alembic, "Operation Reference: add_column"; PostgreSQL, "ALTER TABLE".

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

```python bad migrations/versions/b.py {9,11,12,14}
from alembic import op
import sqlalchemy as sa

revision = "b1"
down_revision = "a1"


def upgrade():
    op.add_column("users", sa.Column("name", sa.String(), nullable=False))
    with op.batch_alter_table("users") as batch_op:
        batch_op.add_column(sa.Column("active", sa.Boolean(), default=True, nullable=False))
    op.add_column("users", sa.Column("rank", sa.Integer(), nullable=False, server_default="0"))
    op.alter_column("users", "rank", server_default=None)
    op.execute("ALTER TABLE users ADD COLUMN city text NOT NULL, ADD zip int NOT NULL DEFAULT 0")
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

```python good migrations/versions/b.py
from alembic import op
import sqlalchemy as sa

revision = "b1"
down_revision = "a1"


def upgrade():
    op.create_table("posts", sa.Column("id", sa.Integer, primary_key=True))
    op.add_column("posts", sa.Column("title", sa.String(), nullable=False))
    op.add_column("users", sa.Column("on", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("users", sa.Column("serial", sa.Integer(), sa.Identity(), nullable=False))
    op.add_column("users", sa.Column("age", sa.Integer()))
    op.execute("DELETE FROM sessions")
    op.add_column("sessions", sa.Column("key", sa.String(), nullable=False))
    op.execute("CREATE TABLE IF NOT EXISTS notes (id serial)")
    op.execute("ALTER TABLE notes ADD COLUMN text text NOT NULL")
    op.execute("ALTER TABLE users ADD CONSTRAINT named CHECK (name IS NOT NULL)")
    op.execute("ALTER TABLE users ADD COLUMN size int DEFAULT 1 NOT NULL")
    op.alter_column("users", "rank", server_default=None)
    op.drop_column("users", "rank")
    op.add_column("users", sa.Column("rank", sa.Integer(), nullable=False, server_default="0"))
```
"""

from flask_preflight.artifacts.migration_operations import Operation
from flask_preflight.artifacts.migrations import Migration
from flask_preflight.rule import Message, Result, Results, rule

FULL = Message("fails on the first row of {0}, as {1} must not be NULL and has no default", "full")
PYTHON = Message(
    "fails on the first row of {0}, as {1} must not be NULL and its default is Python's alone",
    "python",
)
REMOVED = Message(
    "the version that still serves cannot insert into {0}: {1} loses its default at once", "removed"
)


@rule("MIG020", "not-null-column-without-default", "error", "ci-cd")
def check(migration: Migration) -> Results:
    if not migration.is_new:
        return
    level = migration.strength("error")
    if migration.history.products == {"mysql"}:
        # MySQL may fill in a value of its own; that depends on its mode.
        level = migration.strength("warning")
    for one in migration.does("upgrade"):
        if one.name == "add_column" and _is_full(migration, one):
            said = PYTHON if one.column and one.column.default else FULL
            text = said(one.table, one.subject or "the column")
            yield Result(one.location, text, level=level, subject=migration.why)
        elif one.name == "add_column" and _loses_default(migration, one):
            text = REMOVED(one.table, one.subject)
            weaker = "note" if migration.history.stops_first else migration.strength("warning")
            yield Result(one.location, text, level=weaker, subject=migration.why)


def _is_full(migration: Migration, one: Operation) -> bool:
    column = one.column
    if column is None or column.nullable or column.server_default or column.filled:
        return False
    return migration.existing(one) and not _is_emptied(migration, one)


def _is_emptied(migration: Migration, one: Operation) -> bool:
    """Whether the rows of its table are deleted before."""
    return any(
        other.name in ("delete", "truncate")
        and other.table == one.table
        and not other.value("where")
        for other in migration.before(one)
    )


def _loses_default(migration: Migration, one: Operation) -> bool:
    column = one.column
    if column is None or column.nullable or not column.server_default:
        return False
    return migration.existing(one) and any(
        other.name == "alter_column"
        and (other.table, other.subject) == (one.table, one.subject)
        and other.has("server_default")
        and other.value("server_default") is None
        and one in migration.before(other)
        for other in migration.does("upgrade")
    )
