"""SQLite cannot change a column or a constraint of a table that exists.

The statement is a syntax error, or Alembic refuses to write it, and the deployment stops.

Fix: `with op.batch_alter_table("users") as batch_op:`, which copies the table.

Sources: Alembic, "Running 'Batch' Migrations for SQLite and Other Databases".

```python bad app.py
from flask import Flask

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:////data/shop.db"
```

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

```python bad migrations/versions/b.py {9,10,11}
from alembic import op
import sqlalchemy as sa

revision = "b1"
down_revision = "a1"


def upgrade():
    op.alter_column("users", "age", type_=sa.String())
    op.create_unique_constraint("one", "users", ["name"])
    op.add_column("users", sa.Column("shop", sa.Integer, sa.ForeignKey("shops.id")))
    op.drop_column("users", "size")
```

```python good app.py
from flask import Flask

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:////data/shop.db"
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
    with op.batch_alter_table("users") as batch_op:
        batch_op.alter_column("age", type_=sa.String())
    op.alter_column("users", "age", new_column_name="years")
    op.add_column("users", sa.Column("size", sa.Integer))
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint("one", "users")
```
"""

from flask_preflight.artifacts.migration_operations import Operation
from flask_preflight.artifacts.migrations import Migration
from flask_preflight.rule import Level, Message, Result, Results, rule

REFUSED = Message("SQLite cannot do this to a table that exists, so the upgrade stops here")
CONSTRAINTS = frozenset(
    "create_foreign_key create_unique_constraint create_check_constraint create_primary_key "
    "drop_constraint".split()
)
CHANGES = ("type_", "nullable", "server_default")


@rule("MIG026", "sqlite-alter-without-batch", "error", "ci-cd", enabled=False)
def check(migration: Migration) -> Results:
    alone = migration.needs("sqlite")
    if not migration.is_new or alone is False:
        return
    level: Level | None = None if alone else "warning"
    for one in migration.does("upgrade"):
        if not one.batch and one.runs_on("sqlite") and _is_refused(one):
            yield Result(one.location, REFUSED(), level=level)


def _is_refused(one: Operation) -> bool:
    if one.name == "alter_column":
        return any(one.has(name) for name in CHANGES)
    constrained = one.column is not None and one.column.constrained
    return one.name in CONSTRAINTS or one.name == "add_column" and constrained
