"""What production installs is not pinned to versions.

The next build takes whatever is newest that day: a release that breaks the application arrives
without a commit, and nobody can build yesterday's image again.

Fix: keep the sources in `requirements.in` and compile a lock, `pip-compile` or `uv lock`, or pin
with `==`.

Intended: in a library, which must not choose versions for others.

Sources: pip, "Repeatable Installs"; The Twelve-Factor App, "Dependencies"; CWE-1357.

```text bad requirements.txt {1}
Flask
gunicorn==23.0.0
Redis
```

```python bad app.py
from flask import Flask

app = Flask(__name__)
```

```procfile bad Procfile
web: gunicorn app:app
```

```text good requirements.txt
flask==3.1.3
gunicorn==23.0.0
```

```text good requirements-dev.txt
pytest
```

```python good app.py
from flask import Flask

app = Flask(__name__)
```

```procfile good Procfile
web: gunicorn app:app
```

```text good requirements.txt
flask
```

```text good constraints.txt
flask==3.1.3
```

```python good app.py
from flask import Flask

app = Flask(__name__)
```

```procfile good Procfile
web: gunicorn app:app
```
"""

from flask_preflight.artifacts.requirements import DependencyFile, Requirement, unit_of
from flask_preflight.facts import Deployment
from flask_preflight.rule import Message, Result, Results, rule, several

NEWEST = Message("{0} takes the newest release at each build: {1}")
FIRST = ("flask", "werkzeug", "gunicorn", "uwsgi", "sqlalchemy", "celery")


@rule("ENV201", "dependencies-unpinned", "warning", "ci-cd", "CWE-1357")
def check(deployment: Deployment) -> Results:
    files = deployment[DependencyFile]
    # A lock at the root may cover the folders below.
    locked = {_folder(one.path) for one in files if one.is_locked}
    for file in files:
        covered = any(_folder(file.path).startswith(folder) for folder in locked)
        if file.role != "production" or covered or not _is_installed(deployment, file):
            continue
        unit = unit_of(deployment[Requirement], file.path)
        pinned = {one.name for one in unit if one.exact}
        open_ones = [
            one
            for one in unit
            if one.path == file.path and not one.for_development and one.name not in pinned
        ]
        if open_ones:
            open_ones.sort(key=lambda one: one.name not in FIRST)
            told = several((one.name for one in open_ones), 4)
            where = min(one.location for one in open_ones)
            yield Result(where, NEWEST(file.path, told))


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _is_installed(deployment: Deployment, file: DependencyFile) -> bool:
    """Whether an application beside it is deployed from here."""
    if file.format not in ("requirements", "pyproject", "pipfile") or file.path.endswith(".in"):
        return False
    return any(
        entry.application is not None
        and entry.role == "production"
        and any(one.path == file.path for one in entry.application.requirements)
        for entry in deployment.entries
    )
