"""The revisions do not fit together: one follows a revision that no file has.

Every command of Alembic fails before it does anything (`KeyError`), so no deployment can upgrade
its database.

Fix: bring the missing file back, or correct `down_revision`; ids are written in full.

Sources: Alembic, "Tutorial: Create a Migration Script".

```python bad migrations/env.py
from alembic import context
```

```python bad migrations/versions/a.py {2}
revision = "a1"
down_revision = "gone"
```

```python bad migrations/versions/b.py
revision = "b1"
down_revision = "a1"
```

```python bad migrations/versions/c.py {1}
revision = "b1"
down_revision = "a1"
```

```python bad migrations/versions/helpers.py {1}
TABLES = ("users", "posts")
```

```python bad other/env.py
from alembic import context
```

```python bad other/versions/a.py {2}
revision = "a1"
down_revision = "b1"
```

```python bad other/versions/b.py
revision = "b1"
down_revision = "a1"
```

```python good migrations/env.py
from alembic import context
```

```python good migrations/versions/a.py
revision = "a1"
down_revision = None
```

```python good migrations/versions/b.py
revision = "b1"
down_revision = "a1"
depends_on = ("a1",)
```
"""

from flask_preflight.artifacts.migrations import History
from flask_preflight.rule import Message, Result, Results, rule

GONE = Message("{0} follows {1}, a revision that no file of {2} has", "missing")
TWICE = Message("the revision {0} is in two files: Alembic drops one of them", "twice")
CYCLE = Message("the revision {0} follows itself, over others that follow it", "cycle")
NONE = Message("{0} is no revision, and Alembic fails when it reads the file", "none")


@rule("MIG002", "revision-graph-broken", "error", "ci-cd", sees="relation")
def check(history: History) -> Results:
    if history.is_open:
        return
    seen = set()
    for one in history.revisions:
        if not one.id:
            yield Result(one.location, NONE(one.location.path))
            continue
        if one.id in seen:
            where = history.by_id[one.id].location.saying("the other file")
            yield Result(one.location, TWICE(one.id), (where,))
        seen.add(one.id)
        for name in (*one.down, *one.depends):
            # What it depends on may be the name of a branch.
            if name not in history.by_id and name not in _labels(history):
                yield Result(one.down_location, GONE(one.id, name, history.directory))
    yield from _cycles(history)


def _labels(history: History) -> set[str]:
    return {label for one in history.revisions for label in one.labels}


def _cycles(history: History) -> Results:
    if history.heads or not history.by_id:
        return
    first = history.revisions[0]
    yield Result(first.down_location, CYCLE(first.id))
