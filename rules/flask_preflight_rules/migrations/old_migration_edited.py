"""A change edits, or deletes, a migration that is already there.

Databases that have run it never see the change: they differ from those that are made from nothing.
One that still names a deleted revision answers every command with "Can't locate revision".

Fix: leave it as it is and write a new migration.

Intended: where no database has run it yet. Only `--changed` can tell.

Sources: Alembic, "Tutorial: Running our Second Migration".

```python bad migrations/env.py {1}
from alembic import context
```

```python bad migrations/versions/a.py {9}
from alembic import op

revision = "a1"
down_revision = None


def upgrade():
    op.drop_table("posts")
    op.drop_table("notes")
```

```diff bad change.diff
--- a/migrations/versions/a.py
+++ b/migrations/versions/a.py
@@ -8,1 +8,2 @@
     op.drop_table("posts")
+    op.drop_table("notes")
--- a/migrations/versions/b.py
+++ /dev/null
@@ -1,2 +0,0 @@
-revision = "b1"
-down_revision = "a1"
```

```python good migrations/env.py
from alembic import context
```

```python good migrations/versions/a.py
from alembic import op

revision = "a1"
down_revision = None


def upgrade():
    op.drop_table(
        "posts"  # nobody reads them
    )
```

```diff good change.diff
--- a/migrations/versions/a.py
+++ b/migrations/versions/a.py
@@ -8,1 +8,3 @@
-    op.drop_table('posts')
+    op.drop_table(
+        "posts"  # nobody reads them
+    )
```
"""

from flask_preflight.artifacts.migrations import History
from flask_preflight.result import Location
from flask_preflight.rule import Message, Result, Results, rule

EDITED = Message("databases that have run {0} never see this change", "edited")
DELETED = Message("a database at {0} answers every command with an error", "deleted")


@rule("MIG053", "old-migration-edited", "warning", "recovery", enabled=False)
def check(history: History) -> Results:
    for one in history.edited:
        if one.is_deleted:
            gone: Location = one.location.saying("deleted")
            yield Result(history.at(), DELETED(one.name), (gone,))
        else:
            yield Result(one.location, EDITED(one.name))
