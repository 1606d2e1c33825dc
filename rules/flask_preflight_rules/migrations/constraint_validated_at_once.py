"""A constraint is checked against every row while nobody can write to the table.

For some million rows that is seconds to minutes in which requests pile up; a unique constraint, or
NOT NULL, stops readers as well.

Fix: add it with `postgresql_not_valid=True`, and `ALTER TABLE … VALIDATE CONSTRAINT` in a later
migration; for a unique constraint build the index concurrently first.

Intended: for tables that stay small; name them in `migrations.small-tables`.

Sources: PostgreSQL, "ALTER TABLE: ADD table_constraint … NOT VALID".

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
    op.create_check_constraint("positive", "users", "age > 0")
    op.create_unique_constraint("one", "users", ["name"])
    op.execute("ALTER TABLE posts ADD CONSTRAINT shop FOREIGN KEY (shop) REFERENCES shops (id)")
```

```python bad keys/env.py
from alembic import context
```

```python bad keys/versions/a.py {8}
from alembic import op

revision = "a1"
down_revision = None


def upgrade():
    op.create_foreign_key("shop", "posts", "shops", ["shop"], ["id"])
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
    op.create_check_constraint("positive", "users", "age > 0", postgresql_not_valid=True)
    op.execute("ALTER TABLE users ADD CONSTRAINT one UNIQUE USING INDEX ix_one")
    op.create_table("posts", sa.Column("id", sa.Integer))
    op.create_unique_constraint("two", "posts", ["id"])
    op.add_column("users", sa.Column("shop", sa.Integer))
    op.create_foreign_key("shop", "users", "shops", ["shop"], ["id"])
    op.drop_constraint("boss", "users")
    op.create_foreign_key("boss", "users", "users", ["boss"], ["id"], ondelete="CASCADE")
```
"""

from flask_preflight.artifacts.migration_operations import Operation
from flask_preflight.artifacts.migrations import Made, Migration, made_by
from flask_preflight.facts import lower
from flask_preflight.rule import Message, Result, Results, rule, several

WRITERS = Message("nobody can write to {0} until every row is checked", "writers")
READERS = Message("nobody can read {0} until every row is checked", "readers")
STOPS_READERS = frozenset(
    "create_unique_constraint create_primary_key create_exclude_constraint "
    "create_check_constraint".split()
)


@rule("MIG041", "constraint-validated-at-once", "warning", "scaling", enabled=False)
def check(migration: Migration) -> Results:
    alone = migration.needs("postgresql")
    if not migration.is_new or alone is False:
        return
    found = [one for one in migration.does("upgrade") if _is_checked(migration, one)]
    if found:
        shut = [one for one in found if one.name in STOPS_READERS]
        said = (READERS if shut else WRITERS)(several(one.table or "" for one in shut or found))
        level = migration.strength("warning")
        level = level if alone else lower(level)
        yield Result(found[0].location, said, level=level, subject=migration.why)


def _is_checked(migration: Migration, one: Operation) -> bool:
    later = one.value("postgresql_not_valid") is True or one.value("using_index") is True
    if later or one.name not in STOPS_READERS and one.name != "create_foreign_key":
        return False
    return bool(migration.locked(one)) and not _is_known(migration, one)


def _is_known(migration: Migration, one: Operation) -> bool:
    """Whether a foreign key is of a column that is new, or only takes the place of another."""
    if one.name != "create_foreign_key":
        return False
    fresh = {made for other in migration.before(one) for made in made_by(other)}
    same = (one.table, one.subject)
    return any(Made(one.table or "", column) in fresh for column in one.columns) or any(
        other.name == "drop_constraint" and (other.table, other.subject) == same
        for other in migration.before(one)
    )
