"""A migration writes to every row of a table that it alters as well.

The transaction holds the lock of `ALTER TABLE`, so that nobody reads the table until the last row
is written. Alone it still doubles the table and holds back every other writer of those rows.

Fix: alter in one migration, fill in another, in batches: `WHERE id BETWEEN …` inside of
`autocommit_block()`.

Intended: for tables that stay small; name them in `migrations.small-tables`.

Sources: PostgreSQL, "Explicit Locking: Table-Level Locks".

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

```python bad migrations/versions/b.py {10,13,14}
from alembic import op
import sqlalchemy as sa

revision = "b1"
down_revision = "a1"


def upgrade():
    op.add_column("users", sa.Column("age", sa.Integer))
    op.execute("UPDATE users SET age = 1")
    posts = sa.table("posts", sa.column("size"))
    op.add_column("posts", sa.Column("size", sa.Integer))
    op.execute(posts.update().values(size=1))
    op.execute("DELETE FROM notes")
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
    op.execute("UPDATE users SET age = 1 WHERE id BETWEEN 1 AND 1000")
    op.execute("CREATE FUNCTION f() RETURNS void AS $$ UPDATE users SET age = 1; $$ LANGUAGE sql")
    op.create_table("posts", sa.Column("id", sa.Integer))
    op.execute("UPDATE posts SET id = 1")
    posts = sa.table("notes", sa.column("size"))
    op.execute(posts.update().where(posts.c.size == 1).values(size=2))
```
"""

from flask_preflight.artifacts.migration_operations import Operation
from flask_preflight.artifacts.migrations import Migration
from flask_preflight.facts import lower
from flask_preflight.rule import Message, Result, Results, rule

ALTERED = Message(
    "nobody can read {0} until every row is written: the same transaction alters it before",
    "altered",
)
WRITTEN = Message("every row of {0} is written in one transaction, and locked until its end")


@rule("MIG043", "whole-table-update", "warning", "scaling", enabled=False)
def check(migration: Migration) -> Results:
    alone = migration.needs("postgresql")
    if not migration.is_new or alone is False:
        return
    level = migration.strength("warning")
    level = level if alone else lower(level)
    for one in migration.does("upgrade"):
        if _is_whole(migration, one):
            before = (other for other in migration.before(one) if other.name != "create_index")
            altered = any(migration.locked(other) == one.table for other in before)
            said = (ALTERED if altered else WRITTEN)(one.table)
            weight = level if altered else "note"
            yield Result(one.location, said, level=weight, subject=migration.why)


def _is_whole(migration: Migration, one: Operation) -> bool:
    if one.name not in ("update", "delete") or one.value("where") or one.autocommit:
        return False
    known = migration.existing(one) and one.runs_on("postgresql")
    return known and not migration.is_small(one.table or "")
