"""The id of a revision does not fit into the table in which Alembic keeps it.

`alembic_version.version_num` has 32 characters: the migration runs, its last statement fails with
"value too long", and the deployment stops.

Fix: give the revision an id of at most 32 characters, in this file and in those that follow it.

Sources: Alembic, "Tutorial: Create a Migration Script", `--rev-id`.

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

```python bad migrations/versions/b.py {1}
revision = "add_user_preferences_and_settings_table"
down_revision = "a1"
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
revision = "exactly_thirty_two_characters_ok"
down_revision = "a1"
```

```python good local/env.py
from alembic import context

context.configure(version_table_impl=None)
```

```python good local/versions/a.py
revision = "add_user_preferences_and_settings_table"
down_revision = None
```
"""

from flask_preflight.artifacts.migrations import History
from flask_preflight.rule import Level, Message, Result, Results, rule

LONG = Message("{0} is longer than 32 characters, so the upgrade fails when it is written down")
KEPT_SHORT = frozenset(("postgresql", "mysql"))
LIMIT = 32


@rule("MIG003", "revision-id-too-long", "error", "ci-cd", enabled=False)
def check(history: History) -> Results:
    if history.long_ids or not history.products & KEPT_SHORT:
        return
    level: Level = "error" if history.products <= KEPT_SHORT else "warning"
    for one in history.revisions:
        if len(one.id) > LIMIT:
            yield Result(one.location, LONG(one.id), level=level)
