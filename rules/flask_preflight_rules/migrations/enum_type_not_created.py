"""A column is added whose type PostgreSQL does not know yet.

`create_table` creates the type of an Enum, `add_column` does not: the migration ends with "type
does not exist" on every database.

Fix: `sa.Enum(…, name="state").create(op.get_bind(), checkfirst=True)` before it.

Sources: Alembic, issue 868; SQLAlchemy, "PostgreSQL ENUM Types".

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
    op.add_column("users", sa.Column("state", sa.Enum("new", "old", name="state")))
    op.alter_column("users", "kind", type_=sa.Enum("a", "b", name="kind"))
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
    state = sa.Enum("new", "old", name="state")
    state.create(op.get_bind(), checkfirst=True)
    op.add_column("users", sa.Column("state", state))
    op.add_column("users", sa.Column("kind", sa.Enum("a", "b", name="kind", native_enum=False)))
    op.create_table("posts", sa.Column("rank", sa.Enum("x", "y", name="rank")))
    op.add_column("users", sa.Column("rank", sa.Enum("x", "y", name="rank")))
    op.execute("CREATE TYPE size AS ENUM ('s', 'm')")
    op.add_column("users", sa.Column("size", sa.Enum("s", "m", name="size")))
    op.alter_column("users", "size", type_=sa.Enum("s", "m", "l", name="size"))
    old = sa.Enum("x", name="level")
    op.alter_column("users", "level", existing_type=old, type_=sa.Enum("x", "y", name="level"))
```
"""

from flask_preflight.artifacts.migrations import Migration
from flask_preflight.rule import Level, Message, Result, Results, rule

ABSENT = Message("type {0} does not exist: only create_table creates it by itself")


@rule("MIG023", "enum-type-not-created", "error", "ci-cd")
def check(migration: Migration) -> Results:
    alone = migration.needs("postgresql")
    if alone is False or migration.known_types is None or migration.history.is_open:
        return
    level: Level | None = None if alone else "warning"
    known = set(migration.known_types)
    for one in migration.does("upgrade"):
        if one.name == "execute" and not one.sql or one.name == "create_type" and not one.subject:
            return
        column = one.column
        if column is not None and column.enum and column.native and one.runs_on("postgresql"):
            if column.enum not in known and not one.guarded:
                yield Result(one.location, ABSENT(column.enum), level=level)
            known.add(column.enum)
        known.update(one.types)
        known.add(one.subject or "" if one.name == "create_type" else "")
