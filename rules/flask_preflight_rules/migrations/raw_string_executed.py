"""A plain text is handed to a connection, which SQLAlchemy 2 refuses.

"Not an executable object": the migration fails on every installation from nothing, however old it
is, since all revisions run there. `op.execute` takes texts, connections do not.

Fix: `sa.text("…")` around it.

Sources: SQLAlchemy, "SQLAlchemy 2.0 - Major Migration Guide".

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
sqlalchemy==2.0.44
```

```python bad migrations/versions/b.py {9,11}
from alembic import op
import sqlalchemy as sa

revision = "b1"
down_revision = "a1"


def upgrade():
    op.get_bind().execute("SELECT 1")
    bind = op.get_bind()
    bind.execute("UPDATE users SET age = 1")
```
```python fixed migrations/versions/b.py
from alembic import op
import sqlalchemy as sa

revision = "b1"
down_revision = "a1"


def upgrade():
    op.get_bind().execute(sa.text("SELECT 1"))
    bind = op.get_bind()
    bind.execute(sa.text("UPDATE users SET age = 1"))
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
sqlalchemy==2.0.44
```

```python good migrations/versions/b.py
from alembic import op
import sqlalchemy as sa

revision = "b1"
down_revision = "a1"


def upgrade():
    op.execute("SELECT 1")
    bind = op.get_bind()
    bind.execute(sa.text("SELECT 1"))
    bind.exec_driver_sql("SELECT 1")
    cursor.execute("SELECT 1")
    for row in bind.execute(sa.text("SELECT id FROM users WHERE old")):
        bind.execute(f"DELETE FROM posts WHERE author = {row.id}")
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
flask==2.3.3
sqlalchemy==1.4.54
```

```python good migrations/versions/b.py
from alembic import op
import sqlalchemy as sa

revision = "b1"
down_revision = "a1"


def upgrade():
    op.get_bind().execute("SELECT 1")
```
"""

from flask_preflight.artifacts.migration_operations import Plain
from flask_preflight.artifacts.migrations import Migration
from flask_preflight.rule import Fix, Message, Replacement, Result, Results, rule

REFUSED = Message("SQLAlchemy 2 executes no plain text, so an installation from nothing stops here")


@rule("MIG028", "raw-string-executed", "error", "ci-cd", enabled=False)
def check(migration: Migration) -> Results:
    if not migration.history.refuses_texts:
        return
    for one in migration.does("upgrade"):
        if one.plain is not None and not one.guarded:
            yield Result(one.plain.location, REFUSED(), fix=_fix(one.path, one.plain))


def _fix(path: str, plain: Plain) -> Fix | None:
    if not plain.wrapper or plain.location.region is None:
        return None
    text = f"{plain.wrapper}({plain.text})"
    edit = Replacement(path, plain.location.region, text)
    return Fix("say that it is SQL", (edit,), safe=True)
