"""A constraint is dropped that has no name.

Autogenerate writes None where the model gives no name. The database gave it one, which Alembic does
not know: "Can't emit DROP CONSTRAINT for constraint; it has no name". SQLite cannot create one
without a name in batch mode either.

Fix: write the name that the constraint has in the database, and give the `MetaData` of the models a
`naming_convention`.

Sources: Alembic, "The Importance of Naming Constraints".

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

```python bad migrations/versions/b.py {9,14}
from alembic import op
import sqlalchemy as sa

revision = "b1"
down_revision = "a1"


def upgrade():
    op.drop_constraint(None, "users", type_="unique")
    op.create_unique_constraint(None, "users", ["age"])


def downgrade():
    op.drop_constraint(None, "users", type_="unique")
```

```python bad other/env.py
from alembic import context
```

```ini bad other/alembic.ini
[alembic]
sqlalchemy.url = sqlite:///shop.db
```

```python bad other/versions/a.py {11}
from alembic import op
import sqlalchemy as sa

revision = "a1"
down_revision = None


def upgrade():
    with op.batch_alter_table("users") as batch_op:
        batch_op.add_column(sa.Column("age", sa.Integer))
        batch_op.create_unique_constraint(None, ["age"])
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
    op.create_unique_constraint(None, "users", ["age"])
    op.drop_constraint("users_name_key", "users", type_="unique")
    op.drop_constraint(op.f("users_city_key"), "users", type_="unique")
```
"""

from flask_preflight.artifacts.migration_operations import Operation
from flask_preflight.artifacts.migrations import Migration
from flask_preflight.rule import Message, Result, Results, rule

DROPPED = Message("Alembic cannot drop a constraint without its name: the migration fails", "up")
BACK = Message("there is no way back: Alembic cannot drop a constraint without its name", "down")
MADE = Message("SQLite needs a name for the constraint: the migration fails", "sqlite")


@rule("MIG025", "constraint-without-name", "error", "ci-cd")
def check(migration: Migration) -> Results:
    for one in migration.operations:
        if not one.unnamed:
            continue
        if one.name == "drop_constraint" and one.direction == "upgrade":
            yield Result(one.location, DROPPED())
        elif one.name == "drop_constraint" and migration.is_new:
            level = migration.strength("warning")
            yield Result(one.location, BACK(), level=level, subject=migration.why)
        elif one.direction == "upgrade" and _is_refused(migration, one):
            yield Result(one.location, MADE())


def _is_refused(migration: Migration, one: Operation) -> bool:
    """Whether SQLite makes a new table for it, in which every constraint needs a name."""
    created = one.name.startswith("create_") and one.name.endswith("_constraint")
    created = created or one.name == "create_foreign_key"
    return created and one.batch and migration.needs("sqlite") is not False
