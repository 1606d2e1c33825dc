"""An index is built CONCURRENTLY inside of the transaction of the migration.

PostgreSQL refuses: "CREATE INDEX CONCURRENTLY cannot run inside a transaction block". The migration
fails on every database, also on an empty one. `op.execute("COMMIT")` before it is no way out with
psycopg 3, which begins the next transaction by itself.

Fix: `with op.get_context().autocommit_block():` around it, alone in its migration.

Sources: PostgreSQL, "CREATE INDEX: Building Indexes Concurrently"; Alembic, "autocommit_block".

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

```python bad migrations/versions/b.py {9,10}
from alembic import op
import sqlalchemy as sa

revision = "b1"
down_revision = "a1"


def upgrade():
    op.create_index("ix_users_age", "users", ["age"], postgresql_concurrently=True)
    op.execute("DROP INDEX CONCURRENTLY ix_old")
```

```python bad migrations/env.py
from alembic import context
```

```text bad requirements.txt
flask==3.1.2
psycopg[binary]==3.2.9
```

```python bad migrations/versions/a.py {9}
from alembic import op

revision = "a1"
down_revision = None


def upgrade():
    op.execute("COMMIT")
    op.execute("CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_users_age ON users (age)")
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
        op.create_index("ix_users_age", "users", ["age"], postgresql_concurrently=True)
    op.execute("REFRESH MATERIALIZED VIEW CONCURRENTLY totals")
    op.create_index("ix_users_name", "users", ["name"], postgresql_concurrently=False)
    op.execute("COMMIT")
    op.execute("CREATE INDEX CONCURRENTLY ix_users_size ON users (size)")
```
"""

from flask_preflight.artifacts.migration_operations import Operation
from flask_preflight.artifacts.migrations import Migration
from flask_preflight.lazy import expression
from flask_preflight.rule import Level, Message, Result, Results, rule

REFUSED = Message("PostgreSQL refuses this inside of the transaction that Alembic opens")
_ALONE = expression(r"(?i)reindex(?: \([^()]*\))? \w+ concurrently\b|vacuum\b|create database\b")


@rule("MIG022", "concurrently-in-transaction", "error", "ci-cd")
def check(migration: Migration) -> Results:
    alone = migration.needs("postgresql")
    if alone is False or migration.history.autocommits:
        return
    level: Level | None = None if alone else "warning"
    committed = False
    for one in migration.does("upgrade"):
        ends = any(text.upper() == "COMMIT" for text in one.sql)
        committed |= ends and not migration.history.holds_transaction
        if one.autocommit or committed or not one.runs_on("postgresql"):
            continue
        if one.value("postgresql_concurrently") is True or _is_alone(one):
            yield Result(one.location, REFUSED(), level=level)


def _is_alone(one: Operation) -> bool:
    return one.name == "execute" and any(_ALONE.match(text) for text in one.sql)
