"""A column that has rows without a value is made NOT NULL.

On the empty table of a test it passes; in production it stops at the first NULL, and the deployment
with it.

Fix: fill it before, in this migration or, for a large table, in one of its own:
`op.execute("UPDATE users SET age = 0 WHERE age IS NULL")`.

Intended: where no row can be without a value; say so with a suppression.

Sources: PostgreSQL, "ALTER TABLE: SET NOT NULL".

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

```python bad migrations/versions/b.py {9,10}
from alembic import op
import sqlalchemy as sa

revision = "b1"
down_revision = "a1"


def upgrade():
    op.alter_column("users", "age", nullable=False)
    op.execute("ALTER TABLE posts ALTER title SET NOT NULL")
    op.execute("UPDATE cities SET size = 1")
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
    op.execute("UPDATE users SET age = 0 WHERE age IS NULL")
    op.alter_column("users", "age", nullable=False)
    op.create_table("posts", sa.Column("title", sa.String))
    op.alter_column("posts", "title", nullable=False)
    cities = sa.table("cities", sa.column("size"))
    op.execute(cities.update().values(size=1))
    op.alter_column("cities", "size", nullable=False)
    op.add_column("pages", sa.Column("size", sa.Integer, nullable=False, server_default="1"))
    op.alter_column("pages", "size", nullable=False, server_default=None)
    op.alter_column("pages", "title", nullable=False, existing_nullable=False)
    op.get_bind().execute(STATEMENT)
    op.alter_column("notes", "size", nullable=False)
```
"""

from flask_preflight.artifacts.migration_operations import Operation
from flask_preflight.artifacts.migrations import Migration
from flask_preflight.rule import Message, Result, Results, rule

EMPTY = Message("fails on the first row of {0} without {1}, and nothing here fills it")
WRITES = frozenset("update delete truncate insert bulk_insert".split())


@rule("MIG021", "set-not-null-without-backfill", "warning", "ci-cd", enabled=False)
def check(migration: Migration) -> Results:
    if not migration.is_new:
        return
    for one in migration.does("upgrade"):
        needed = one.name == "alter_column" and one.value("nullable") is False
        already = one.value("existing_nullable") is False
        if needed and not already and migration.existing(one) and not _is_filled(migration, one):
            said = EMPTY(one.table, one.subject or "a value")
            level = migration.strength("warning")
            yield Result(one.location, said, level=level, subject=migration.why)


def _is_filled(migration: Migration, one: Operation) -> bool:
    """Whether anything before may write to its rows, or adds the column with a value."""
    done = [*migration.before(one), *(other for each in migration.earlier for other in each)]
    return any(
        other.name in WRITES
        and other.table in (one.table, None)
        or other.name == "execute"
        and not other.sql
        or other.name == "add_column"
        and (other.table, other.subject) == (one.table, one.subject)
        and (other.column is None or bool(other.column.server_default))
        for other in done
    )
