"""An index is built while nobody can write to its table.

PostgreSQL locks the table against writers until the index is complete: for some million rows that
is seconds to minutes in which requests pile up.

Fix: `postgresql_concurrently=True` inside of `with op.get_context().autocommit_block():`, alone in
its migration.

Intended: for tables that stay small; name them in `migrations.small-tables`.

Sources: PostgreSQL, "CREATE INDEX: Building Indexes Concurrently".

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
    op.create_index(op.f("ix_users_age"), "users", ["age"], unique=False)
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
    op.create_table("posts", sa.Column("id", sa.Integer, primary_key=True))
    op.create_index("ix_posts_id", "posts", ["id"])
```
"""

from fnmatch import fnmatchcase

from flask_preflight.artifacts.migration_operations import Operation
from flask_preflight.artifacts.migrations import Migration
from flask_preflight.facts import lower
from flask_preflight.lazy import expression
from flask_preflight.rule import Message, Result, Results, rule

LOCKED = Message("nobody can write to {0} until the index is built")
_RAW = expression(
    r"(?i)create (?:unique )?index (?!concurrently)(?:\S+ )?on (?:only )?[\"`]?([\w.]+)"
)


@rule("MIG040", "index-not-concurrent", "warning", "scaling")
def check(migration: Migration) -> Results:
    alone = migration.needs("postgresql")
    if not migration.is_new or alone is False:
        return
    level = migration.strength("warning")
    level = level if alone else lower(level)
    found = [
        (one, table) for one in migration.does("upgrade") if (table := _locked(migration, one))
    ]
    if found:
        tables = " and ".join(dict.fromkeys(table for _, table in found))
        yield Result(found[0][0].location, LOCKED(tables), level=level, subject=migration.why)


def _locked(migration: Migration, one: Operation) -> str:
    """The table that an operation locks; empty if there is none, or if it is small."""
    table = ""
    if one.name == "create_index" and one.value("postgresql_concurrently") is not True:
        table = one.table or "" if migration.existing(one) else ""
    elif one.name == "execute":
        matches = (_RAW.match(text) for text in one.sql)
        named = [match[1] for match in matches if match is not None]
        made = {other.table for other in migration.does("upgrade") if other.name == "create_table"}
        table = next((name for name in named if name not in made), "")
    small = any(fnmatchcase(table, pattern) for pattern in migration.history.small)
    return table if one.runs_on("postgresql") and not small else ""
