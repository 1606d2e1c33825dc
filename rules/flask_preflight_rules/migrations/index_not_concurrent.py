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

```python bad altered/env.py
from alembic import context
```

```python bad altered/versions/a.py {10}
from alembic import op
import sqlalchemy as sa

revision = "a1"
down_revision = None


def upgrade():
    op.add_column("users", sa.Column("age", sa.Integer))
    op.execute("CREATE INDEX ix_users_age ON users (age)")
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
    op.execute("CREATE TABLE notes (id serial)")
    op.execute("CREATE INDEX ix_notes_id ON notes (id)")
```
"""

from flask_preflight.artifacts.migration_operations import Operation
from flask_preflight.artifacts.migrations import Migration
from flask_preflight.facts import lower
from flask_preflight.rule import Message, Result, Results, rule, several

LOCKED = Message("nobody can write to {0} until the index is built")
SHUT = Message(
    "nobody can read {0} until the index is built: the same transaction alters it before", "altered"
)
ALTERS = frozenset(
    "add_column drop_column alter_column create_check_constraint drop_constraint drop_index".split()
)


@rule("MIG040", "index-not-concurrent", "warning", "scaling")
def check(migration: Migration) -> Results:
    alone = migration.needs("postgresql")
    if not migration.is_new or alone is False:
        return
    level = migration.strength("warning")
    level = level if alone else lower(level)
    built = (one for one in migration.does("upgrade") if one.name == "create_index")
    found = [(one, table) for one in built if (table := migration.locked(one))]
    if found:
        shut = [table for one, table in found if _is_altered(migration, one)]
        said = SHUT(several(shut)) if shut else LOCKED(several(table for _, table in found))
        yield Result(found[0][0].location, said, level=level, subject=migration.why)


def _is_altered(migration: Migration, one: Operation) -> bool:
    """Whether the transaction already holds the lock that also stops readers."""
    return not one.autocommit and any(
        other.name in ALTERS and other.table == one.table and not other.autocommit
        for other in migration.before(one)
    )
