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
    op.execute("ALTER INDEX ix_a RENAME TO ix_b")
    op.alter_column("users", "age", new_column_name="age", nullable=True)
```
"""

from collections.abc import Iterator

from flask_preflight.artifacts.migration_operations import Operation
from flask_preflight.artifacts.migrations import Migration
from flask_preflight.facts import lower
from flask_preflight.lazy import expression
from flask_preflight.rule import Message, Result, Results, rule

RENAMED = Message(
    "either the old or the new version fails during the deployment: {0} gets another name"
)
_RAW = expression(
    r"(?i)alter table (?:if exists |only )*[\"`]?([\w.]+)[\"`]? rename "
    r"(?:(?:column )?[\"`]?(?!to\b|constraint\b)(\w+)[\"`]? to|to) [\"`]?(\w+)"
)


@rule("MIG031", "column-or-table-renamed", "warning", "orchestration")
def check(migration: Migration) -> Results:
    if not migration.is_new:
        return
    found = [(one, name) for one in migration.does("upgrade") for name in _renamed(migration, one)]
    if found:
        names = list(dict.fromkeys(name for _, name in found))
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        level = migration.strength("warning")
        if migration.history.stops_first:
            level = lower(level)
        said = RENAMED(" and ".join(names[:3]) + more)
        yield Result(found[0][0].location, said, level=level, subject=migration.why)


def _renamed(migration: Migration, one: Operation) -> Iterator[str]:
    new = one.value("new_column_name") or one.value("name")
    if one.name == "alter_column" and isinstance(new, str) and migration.existing(one):
        if new != one.subject:
            yield f"{one.table}.{one.subject}"
    elif one.name == "rename_table" and migration.existing(one) and not _is_swap(migration, one):
        yield one.table or ""
    for text in one.sql if one.name == "execute" else ():
        match = _RAW.match(text)
        if match is not None:
            yield f"{match[1]}.{match[2]}" if match[2] else match[1]


def _is_swap(migration: Migration, one: Operation) -> bool:
    """Whether another table takes its place, or it takes that of another."""
    renames = [other for other in migration.does("upgrade") if other.name == "rename_table"]
    olds, news = {other.table for other in renames}, {other.subject for other in renames}
    return one.table in news or one.subject in olds
