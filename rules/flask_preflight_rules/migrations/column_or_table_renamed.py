"""A migration renames what both the old and the new version must find.

The version that still serves knows the old name, the next one the new name: whichever comes first,
one of them fails until the deployment is complete.

Fix: add the new column, write both, copy, read the new one, then drop the old one; each in a
release of its own. See `rules/expand-and-contract.md`.

Sources: strong_migrations, "Renaming a column"; squawk, "renaming-column".

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
    op.alter_column("users", "age", new_column_name="years")
    op.rename_table("posts", "articles")
    op.execute('ALTER TABLE "users" RENAME size TO height')
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
```

```python bad migrations/env.py
from alembic import context
```

```python bad migrations/versions/a.py {8}
from alembic import op

revision = "a1"
down_revision = None


def upgrade():
    op.alter_column("users", "age", new_column_name="years")
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
    op.rename_table("users", "users_old")
    op.rename_table("users_new", "users")
    op.rename_table("replies", "replies_tmp")
    op.create_table("replies", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("ALTER INDEX ix_a RENAME TO ix_b")
    op.execute("ALTER TABLE users_id_seq RENAME TO people_id_seq")
    op.execute("ALTER TABLE users RENAME CONSTRAINT a TO b")
    op.create_table("posts", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("ALTER TABLE posts RENAME COLUMN id TO number")
    op.alter_column("users", "age", new_column_name="age", nullable=True)
```
"""

from flask_preflight.artifacts.migration_operations import Operation
from flask_preflight.artifacts.migrations import Made, Migration, made_by
from flask_preflight.facts import lower
from flask_preflight.rule import Message, Result, Results, rule, several

RENAMED = Message(
    "either the old or the new version fails during the deployment: another name for {0}"
)
MAPPED = Message("the models still say {0}: every query on it fails after this", "mapped")


@rule("MIG031", "column-or-table-renamed", "warning", "orchestration")
def check(migration: Migration) -> Results:
    if not migration.is_new:
        return
    found = [(one, old) for one in migration.does("upgrade") if (old := _renamed(migration, one))]
    mapped = [(one, old) for one, old in found if migration.still_mapped(old)]
    if mapped:
        said = MAPPED(several(str(old) for _, old in mapped))
        yield Result(mapped[0][0].location, said, level="error")
    elif found:
        level = migration.strength("warning")
        if migration.history.stops_first:
            level = lower(level)
        said = RENAMED(several(str(old) for _, old in found))
        yield Result(found[0][0].location, said, level=level, subject=migration.why)


def _renamed(migration: Migration, one: Operation) -> Made | None:
    """What is found under another name afterwards."""
    new, table = one.value("new_column_name") or one.value("name"), one.table or ""
    if not migration.existing(one):
        return None
    if one.name == "alter_column" and isinstance(new, str) and new != one.subject:
        return Made(table, one.subject or "")
    moves = one.name == "rename_table" and not _is_swap(migration, one)
    return Made(table) if moves else None


def _is_swap(migration: Migration, one: Operation) -> bool:
    """Whether another table takes its place, or it takes that of another."""
    others = list(migration.does("upgrade"))
    made = {name.table for other in others for name in made_by(other) if other is not one}
    moved = {other.table for other in others if other.name == "rename_table"}
    return one.table in made or one.subject in moved
