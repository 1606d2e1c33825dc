"""A migration drops what the version that still serves reads.

SQLAlchemy names every mapped column in its queries. From the moment of the migration until the last
old replica is gone, each of them fails, and going back does not bring the data back.

Fix: in two releases: first remove it from the models, then, when no replica knows it any more, drop
it. See `rules/expand-and-contract.md`.

Sources: strong_migrations, "Removing a column"; squawk, "ban-drop-column".

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

```python bad migrations/versions/b.py {9}
from alembic import op
import sqlalchemy as sa

revision = "b1"
down_revision = "a1"


def upgrade():
    op.drop_column("users", "age")
    op.drop_table("posts")
```

```python bad other/env.py
from alembic import context
```

```python bad other/versions/a.py {9}
from alembic import op

revision = "a1"
down_revision = None


def upgrade():
    for name in ("age", "size"):
        op.execute(f"ALTER TABLE users DROP COLUMN IF EXISTS {name}")
```

```python bad app.py
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
db = SQLAlchemy(app)


class User(db.Model):
    __tablename__ = "users"
    id = db.Column(db.Integer, primary_key=True)
    age = db.Column(db.Integer)
    years = db.Column("size", db.Integer)
```

```python bad migrations/env.py
from alembic import context
```

```python bad migrations/versions/a.py {8}
from alembic import op

revision = "a1"
down_revision = None


def upgrade():
    op.drop_column("users", "age")
    op.drop_column("users", "years")
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
    op.drop_table("users_old")
    op.create_table("draft", sa.Column("id", sa.Integer, primary_key=True))
    op.drop_table("draft")
    op.execute("DROP INDEX ix_users_age")
    op.execute(f"DROP TABLE IF EXISTS {NAME}")
    op.execute("CREATE TEMPORARY TABLE copy AS SELECT * FROM users; DROP TABLE copy")
    op.execute("ALTER TABLE users DROP CONSTRAINT positive")
    op.drop_column("users_old", "rank")
    op.drop_column("users", "size")
    op.add_column("users", sa.Column("size", sa.JSON))
```
"""

from flask_preflight.artifacts.migration_operations import Operation
from flask_preflight.artifacts.migrations import Made, Migration, made_by
from flask_preflight.facts import lower
from flask_preflight.lazy import expression
from flask_preflight.rule import Message, Result, Results, rule, several

GONE = Message("the version that still serves reads {0}: its queries fail until it is replaced")
MAPPED = Message("the models still have {0}: every query on it fails after this", "mapped")
_LEFT = expression(r"(?i)_(?:old|bak|tmp|temp|backup)\Z|\A(?:old|tmp|temp|backup)_|\A_")


@rule("MIG030", "column-or-table-dropped", "warning", "orchestration")
def check(migration: Migration) -> Results:
    if not migration.is_new:
        return
    found = [(one, gone) for one in migration.does("upgrade") if (gone := _dropped(migration, one))]
    mapped = [(one, gone) for one, gone in found if migration.still_mapped(gone)]
    if mapped:
        said = MAPPED(several(str(gone) for _, gone in mapped))
        yield Result(mapped[0][0].location, said, level="error")
    elif found:
        level = migration.strength("warning")
        if migration.history.stops_first:
            level = lower(level)
        said = GONE(several(str(gone) for _, gone in found))
        yield Result(found[0][0].location, said, level=level, subject=migration.why)


def _dropped(migration: Migration, one: Operation) -> Made | None:
    """What an operation takes away, unless a name says that nothing needs it any more."""
    table = one.table or ""
    if one.name not in ("drop_column", "drop_table") or not migration.existing(one):
        return None
    gone = Made(table, one.subject or "") if one.name == "drop_column" else Made(table)
    again = {made for other in migration.does("upgrade") for made in made_by(other)}
    return None if gone in again or _LEFT.search(table) else gone
