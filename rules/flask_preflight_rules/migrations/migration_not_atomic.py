"""A migration commits in its middle: when what follows fails, it cannot be run again.

What came before is final and the revision is not written down, so the next upgrade starts with the
same statements and stops at "already exists".

Fix: put what must run outside of a transaction into a migration of its own, and set
`transaction_per_migration=True` in `env.py`.

Sources: Alembic, `MigrationContext.autocommit_block`.

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

```python bad migrations/versions/b.py {11}
from alembic import op
import sqlalchemy as sa

revision = "b1"
down_revision = "a1"


def upgrade():
    op.add_column("users", sa.Column("age", sa.Integer))
    with op.get_context().autocommit_block():
        op.create_index("ix_age", "users", ["age"], postgresql_concurrently=True)
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
        op.create_index("ix_age", "users", ["age"], postgresql_concurrently=True)
```

```python good other/env.py
from alembic import context
```

```python good other/versions/a.py
from alembic import op

revision = "a1"
down_revision = None


def upgrade():
    op.execute("ALTER TABLE users ADD COLUMN IF NOT EXISTS age int")
    op.execute("COMMIT")
    op.execute("CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_age ON users (age)")
```
"""

from flask_preflight.artifacts.migration_operations import Operation
from flask_preflight.artifacts.migrations import Migration
from flask_preflight.lazy import expression
from flask_preflight.rule import Message, Result, Results, rule

FINAL = Message("commits what came before: if this fails, the migration cannot be run again")
REPEATABLE = expression(r"(?i)\bif (?:not )?exists\b|\Aset |\Aselect |\Acommit\Z")


@rule("MIG052", "migration-not-atomic", "warning", "recovery", enabled=False)
def check(migration: Migration) -> Results:
    if not migration.is_new or "postgresql" not in migration.history.products:
        return
    done, said = False, None
    for one in migration.does("upgrade"):
        if one.autocommit or any(text.upper() == "COMMIT" for text in one.sql):
            if done:
                level = migration.strength("warning")
                yield Result(one.location, FINAL(), level=level, subject=migration.why)
            return
        # What a statement does follows it, at the same place.
        done = done or one.location != said and not _is_repeatable(one)
        said = one.location


def _is_repeatable(one: Operation) -> bool:
    """Whether it does no harm a second time."""
    if one.guarded or one.value("if_exists") is True or one.value("if_not_exists") is True:
        return True
    return one.name == "execute" and all(REPEATABLE.search(text) for text in one.sql)
