"""The type of a column changes to one that PostgreSQL does not turn text into by itself.

The statement fails with "cannot be cast automatically", also on an empty table, and the deployment
stops.

Fix: say how, `postgresql_using="age::integer"`.

Sources: PostgreSQL, "ALTER TABLE: SET DATA TYPE … USING".

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
    op.alter_column("users", "age", existing_type=sa.String(9), type_=sa.Integer())
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
    op.alter_column("users", "age", **TEXT, type_=sa.Integer(), postgresql_using="age::integer")
    op.alter_column("users", "name", existing_type=sa.String(9), type_=sa.Text())
    op.alter_column("users", "size", type_=sa.Integer())
    op.alter_column("users", "rank", existing_type=sa.Integer(), type_=sa.BigInteger())
```
"""

from flask_preflight.artifacts.migration_operations import Operation
from flask_preflight.artifacts.migrations import Migration
from flask_preflight.rule import Level, Message, Result, Results, rule

REFUSED = Message("PostgreSQL does not turn {0} into {1} unless it is told how")
TEXTS = frozenset("String Text Unicode UnicodeText VARCHAR TEXT CHAR".split())
OTHERS = frozenset(
    "Integer INTEGER BigInteger BIGINT SmallInteger Numeric NUMERIC Float Boolean BOOLEAN "
    "Date DATE DateTime TIMESTAMP Time Interval UUID Uuid JSON JSONB ARRAY "
    "LargeBinary Enum ENUM".split()
)


@rule("MIG027", "type-change-without-using", "error", "ci-cd", enabled=False)
def check(migration: Migration) -> Results:
    alone = migration.needs("postgresql")
    if not migration.is_new or alone is False:
        return
    level: Level | None = None if alone else "warning"
    for one in migration.does("upgrade"):
        if one.was and one.column and _is_refused(one) and one.runs_on("postgresql"):
            yield Result(one.location, REFUSED(one.was.type, one.column.type), level=level)


def _is_refused(one: Operation) -> bool:
    if one.name != "alter_column" or one.was is None or one.column is None:
        return False
    # `**options` may say how.
    told = one.has("postgresql_using") or one.has("**")
    return not told and one.was.type in TEXTS and one.column.type in OTHERS
