"""A migration works with the models of the application, which change after it.

The class is that of today, the table that of this revision. With the next column of the model the
migration asks for what is not there yet, and no new installation can be made from nothing. What
`db.session` does runs on another connection, which waits for the lock of its own migration.

Fix: declare what is needed in the migration, `sa.table("users", sa.column("id"))`, and run it with
`op.execute` or `op.get_bind()`.

Sources: Alembic, "Cookbook"; django-migration-linter, RUNPYTHON_MODEL_IMPORT.

```python bad migrations/env.py
from alembic import context
```

```python bad shop/__init__.py
```

```python bad shop/models.py
from shop.database import db


class User(db.Model):
    __tablename__ = "users"
```

```python bad shop/database.py
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()
```

```python bad migrations/versions/a.py {12}
from alembic import op
import sqlalchemy as sa
from sqlalchemy.orm import Session

from shop.models import User

revision = "a1"
down_revision = None


def upgrade():
    for user in Session(bind=op.get_bind()).query(User).all():
        user.name = user.name.strip()
```

```python bad migrations/versions/b.py {11}
from alembic import op
import sqlalchemy as sa

from shop.database import db

revision = "b1"
down_revision = None


def upgrade():
    db.session.execute(sa.text("UPDATE users SET name = 'x'"))
    op.add_column("users", sa.Column("age", sa.Integer))
```

```python good migrations/env.py
from alembic import context
```

```python good shop/__init__.py
```

```python good shop/types.py
class Money:
    pass
```

```python good migrations/versions/a.py
from alembic import op
import sqlalchemy as sa

from shop.types import Money

revision = "a1"
down_revision = None


def upgrade():
    users = sa.table("users", sa.column("id"), sa.column("name"))
    op.execute(users.update().values(name="x"))
    op.add_column("users", sa.Column("balance", Money()))
```
"""

from flask_preflight.artifacts.migrations import Migration
from flask_preflight.rule import Message, Result, Results, rule

TODAY = Message(
    "{0} is the class of today: with its next column this migration fails on every new database",
    "class",
)
SESSION = Message(
    "the session of the application is another connection: it waits for the lock of this migration",
    "session",
)


@rule("MIG051", "migration-uses-models", "warning", "ci-cd")
def check(migration: Migration) -> Results:
    if not migration.is_new:
        return
    for use in migration.uses:
        changed = any(one.name != "execute" for one in migration.does("upgrade"))
        level = migration.strength("error" if use.session and changed else "warning")
        said = SESSION() if use.session else TODAY(use.name)
        yield Result(use.location, said, level=level, subject=migration.why)
