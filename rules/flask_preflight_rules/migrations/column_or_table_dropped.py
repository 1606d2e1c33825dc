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
```
"""

from collections.abc import Iterator

from flask_preflight.artifacts.migration_operations import Operation
from flask_preflight.artifacts.migrations import Migration
from flask_preflight.facts import lower
from flask_preflight.lazy import expression
from flask_preflight.rule import Message, Result, Results, rule

GONE = Message("the version that still serves reads {0}: its queries fail until it is replaced")
_RAW = expression(
    r"(?i)(?:alter table (?:if exists |only )*[\"`]?([\w.]+)[\"`]? drop column (?:if exists )?"
    r"[\"`]?(\w+)|(?:drop table|truncate(?: table)?) (?:if exists )?[\"`]?([\w.]+))"
)
_LEFT = expression(r"(?i)_(?:old|bak|tmp|temp|backup)\Z|\A(?:old|tmp|temp|backup)_|\A_")


@rule("MIG030", "column-or-table-dropped", "warning", "orchestration")
def check(migration: Migration) -> Results:
    if not migration.is_new:
        return
    found = [(one, name) for one in migration.does("upgrade") for name in _dropped(migration, one)]
    if found:
        names = list(dict.fromkeys(name for _, name in found))
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        level = migration.strength("warning")
        if migration.history.stops_first:
            level = lower(level)
        said = GONE(" and ".join(names[:3]) + more)
        yield Result(found[0][0].location, said, level=level, subject=migration.why)


def _dropped(migration: Migration, one: Operation) -> Iterator[str]:
    if one.name in ("drop_column", "drop_table") and migration.existing(one):
        table = one.table or ""
        if not _is_left_over(migration, table):
            yield f"{table}.{one.subject}" if one.name == "drop_column" else table
    for text in one.sql if one.name == "execute" else ():
        match = _RAW.match(text)
        if match is not None and not _is_left_over(migration, match[1] or match[3]):
            yield f"{match[1]}.{match[2]}" if match[1] else match[3]


def _is_left_over(migration: Migration, table: str) -> bool:
    """Whether its name says so, or a copy takes its place in the same migration."""
    renamed = {one.subject for one in migration.does("upgrade") if one.name == "rename_table"}
    made = {one.table for one in migration.does("upgrade") if one.name == "create_table"}
    return _LEFT.search(table) is not None or table in renamed or table in made
