"""Two revisions follow the same one, or none, so that there is more than one newest.

`flask db upgrade` refuses: "Multiple head revisions are present", and the deployment stops there.
It happens when two branches with a migration each are merged.

Fix: `flask db merge heads`, which writes a revision that follows both.

Sources: Alembic, "Working with Branches".

```python bad migrations/env.py
from alembic import context
```

```python bad migrations/versions/a.py
revision = "a1"
down_revision = None
```

```python bad migrations/versions/b.py
revision = "b1"
down_revision = "a1"
```

```python bad migrations/versions/c.py {2}
revision = "c1"
down_revision = "b1"
```

```python bad migrations/versions/d.py
revision = "d1"
down_revision = "b1"
```

```python good migrations/env.py
from alembic import context
```

```python good migrations/versions/a.py
revision: str = "a1"
down_revision: str | None = None
```

```python good migrations/versions/b.py
revision = "b1"
down_revision = "a1"
```

```python good migrations/versions/c.py
revision = "c1"
down_revision = "a1"
```

```python good migrations/versions/d.py
revision = "d1"
down_revision = ("b1", "c1")
```
"""

from flask_preflight.artifacts.migrations import History, Revision
from flask_preflight.rule import Level, Message, Result, Results, rule, several

SEVERAL = Message("{0} has {1} heads, {2}: `flask db upgrade` refuses to choose")


@rule("MIG001", "several-heads", "error", "ci-cd", sees="relation")
def check(history: History) -> Results:
    heads = history.heads
    if history.is_open or len(heads) < 2 or _are_branches(history, heads):
        return
    nearest = min(heads, key=lambda one: (_own(history, one, heads), one.location.path))
    names = several(sorted(one.id for one in heads))
    others = tuple(one.location.saying("another head") for one in heads if one is not nearest)
    level: Level | None = "note" if history.names_heads else None
    said = SEVERAL(history.directory, len(heads), names)
    yield Result(nearest.down_location, said, others[:5], level=level)


def _own(history: History, head: Revision, heads: tuple[Revision, ...]) -> int:
    """How many revisions only this head follows."""
    others = {one.id for other in heads if other is not head for one in history.before(other)}
    return sum(1 for one in history.before(head) if one.id not in others)


def _are_branches(history: History, heads: tuple[Revision, ...]) -> bool:
    """Whether all but one of the heads belong to a branch with a name of its own."""
    labels = [
        {label for one in (head, *history.before(head)) for label in one.labels} for head in heads
    ]
    shared = set.intersection(*labels)
    return sum(1 for found in labels if found - shared) >= len(heads) - 1
