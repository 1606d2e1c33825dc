"""A value of an enum is used in the transaction that adds it.

PostgreSQL refuses it: "unsafe use of new value". All migrations of one upgrade share a transaction,
so a later revision that is deployed with this one fails as well.

Fix: add the value inside of `with op.get_context().autocommit_block():`.

Sources: PostgreSQL, "ALTER TYPE"; Alembic, `MigrationContext.autocommit_block`.

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

```python bad migrations/versions/b.py {10}
from alembic import op
import sqlalchemy as sa

revision = "b1"
down_revision = "a1"


def upgrade():
    op.execute("ALTER TYPE state ADD VALUE 'closed'")
    op.execute("UPDATE shops SET state = 'closed' WHERE gone")
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
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE state ADD VALUE 'closed'")
    op.execute("UPDATE shops SET state = 'closed' WHERE gone")
    op.execute("ALTER TYPE state ADD VALUE 'moved'")
```
"""

from flask_preflight.artifacts.migration_operations import Operation
from flask_preflight.artifacts.migrations import Migration
from flask_preflight.rule import Message, Result, Results, rule

EARLY = Message("PostgreSQL refuses {0} until the transaction that adds it has ended")


@rule("MIG024", "enum-value-used-early", "error", "ci-cd", enabled=False)
def check(migration: Migration) -> Results:
    if not migration.is_new or not migration.needs("postgresql") or migration.history.autocommits:
        return
    added = {
        one.subject or ""
        for each in (() if migration.history.each_commits else migration.earlier)
        for one in each
        if _adds(one)
    }
    for one in migration.does("upgrade"):
        used = next((value for value in sorted(added) if _uses(one, value)), None)
        if used is not None:
            yield Result(one.location, EARLY(used))
        elif _adds(one):
            added.add(one.subject or "")


def _adds(one: Operation) -> bool:
    return one.name == "add_value" and not one.autocommit and one.direction == "upgrade"


def _uses(one: Operation, value: str) -> bool:
    """Whether it writes the value, or makes it a default."""
    text = f"'{value}'"
    default = one.column.server_default if one.column is not None else ""
    written = any(text in said and " add value " not in said.lower() for said in one.sql)
    return written or value in (default.strip("\"'"), one.value("server_default"))
