"""The migration cannot be taken back, and does not say so.

`flask db downgrade` "succeeds" and changes nothing but the number of the revision; the next upgrade
then fails, because what it creates is already there.

Fix: undo the operations in `downgrade()`, or `raise NotImplementedError("restore the backup")`
where it cannot be done.

Sources: Alembic, "Tutorial: Downgrading".

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

```python bad migrations/versions/b.py {12}
from alembic import op
import sqlalchemy as sa

revision = "b1"
down_revision = "a1"


def upgrade():
    op.add_column("users", sa.Column("age", sa.Integer))


def downgrade():
    pass
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

```python good migrations/versions/b.py
from alembic import op
import sqlalchemy as sa

revision = "b1"
down_revision = "a1"


def upgrade():
    op.add_column("users", sa.Column("age", sa.Integer))


def downgrade():
    "What was before."
    op.drop_column("users", "age")
```

```python good other/env.py
from alembic import context
```

```python good other/versions/a.py
from alembic import op

revision = "a1"
down_revision = None


def upgrade():
    op.drop_column("users", "age")


def downgrade():
    raise NotImplementedError("restore the backup")
```

```python good third/env.py
from alembic import context
```

```python good third/versions/a.py
from alembic import op

revision = "a1"
down_revision = None


def upgrade():
    op.execute("UPDATE users SET age = 1 WHERE age IS NULL")


def downgrade():
    pass
```
"""

from flask_preflight.artifacts.migrations import Migration
from flask_preflight.rule import Level, Message, Result, Results, rule

SILENT = Message("downgrade changes nothing, so the upgrade after it fails")
DATA = frozenset("execute update insert delete bulk_insert".split())


@rule("MIG050", "downgrade-missing", "note", "recovery", enabled=False, sees="absent")
def check(migration: Migration) -> Results:
    back = migration.downgrade
    if not migration.is_new or back is None or not back.empty:
        return
    if any(one.name not in DATA for one in migration.does("upgrade")):
        used = migration.history.takes_back
        related = (used.saying("downgrade is run here"),) if used is not None else ()
        level: Level = migration.strength("warning") if used is not None else "note"
        yield Result(back.location, SILENT(), related, level=level, subject=migration.why)
