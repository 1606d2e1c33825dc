"""The whole table is written anew while everybody waits.

Some changes of a type, and a default that differs from row to row, make PostgreSQL rewrite every
row; readers and writers wait until it is done.

Fix: add a new column, fill it in batches, and change over to it; for a default, add the column
without it, set the default, and fill the old rows in batches.

Intended: for tables that stay small; name them in `migrations.small-tables`.

Sources: PostgreSQL, "ALTER TABLE: Notes".

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
    op.alter_column("users", "rank", existing_type=sa.Integer(), type_=sa.BigInteger())
    op.add_column("users", sa.Column("key", sa.UUID(), server_default=sa.text("gen_random_uuid()")))
    op.alter_column("users", "name", existing_type=sa.String(90), type_=sa.String(50))
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
    op.alter_column("users", "name", existing_type=sa.String(50), type_=sa.String(90))
    op.alter_column("users", "text", existing_type=sa.String(50), type_=sa.Text())
    op.add_column("users", sa.Column("made", sa.DateTime(), server_default=sa.func.now()))
    op.alter_column("users", "rank", type_=sa.BigInteger())
```
"""

from flask_preflight.artifacts.migration_operations import Operation
from flask_preflight.artifacts.migrations import Migration
from flask_preflight.facts import lower
from flask_preflight.lazy import expression
from flask_preflight.rule import Message, Result, Results, rule, several

REWRITTEN = Message("nobody can use {0} until every row is written anew")
VARIES = expression(
    r"(?i)gen_random_uuid|uuid_generate|uuidv7|clock_timestamp|\brandom\b|nextval|timeofday"
)
LARGER = {
    "SmallInteger": ("Integer", "BigInteger"),
    "Integer": ("BigInteger", "SmallInteger", "Numeric"),
    "INTEGER": ("BIGINT", "BigInteger", "SmallInteger", "Numeric"),
    "BigInteger": ("Integer", "Numeric"),
    "Text": ("JSON", "JSONB"),
    "JSON": ("JSONB",),
}


@rule("MIG042", "table-rewritten", "warning", "scaling", enabled=False)
def check(migration: Migration) -> Results:
    alone = migration.needs("postgresql")
    if not migration.is_new or alone is False:
        return
    found = [one for one in migration.does("upgrade") if _is_rewritten(one)]
    found = [one for one in found if migration.locked(one)]
    if found:
        level = migration.strength("warning")
        said = REWRITTEN(several(one.table or "" for one in found))
        level = level if alone else lower(level)
        yield Result(found[0].location, said, level=level, subject=migration.why)


def _is_rewritten(one: Operation) -> bool:
    column, was = one.column, one.was
    if column is None:
        return False
    if one.name == "add_column":
        return VARIES.search(column.server_default) is not None
    if one.name != "alter_column" or was is None:
        return False
    if column.size is not None and was.size is not None and was.type == column.type == "String":
        return column.size < was.size
    return column.type in LARGER.get(was.type, ())
