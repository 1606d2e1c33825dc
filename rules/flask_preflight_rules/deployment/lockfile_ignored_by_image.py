"""There is a lock file, and the image is built without it.

The tests run with the versions of the lock, production with whatever the index offers on the day of
the build.

Fix: install from the lock: `uv sync --frozen`, `poetry install` with `poetry.lock` copied, `pipenv
install --deploy`, or export it to a requirements file.

Sources: uv, "Using uv in Docker"; Poetry, "Installing dependencies".

```python bad app.py
from flask import Flask

app = Flask(__name__)
```

```toml bad pyproject.toml
[project]
name = "shop"
version = "1"
dependencies = ["flask>=3"]
```

```toml bad uv.lock
version = 1
```

```dockerfile bad Dockerfile {4}
FROM python:3.13-slim
WORKDIR /srv
COPY . .
RUN pip install .
CMD ["gunicorn", "app:app"]
```

```python good app.py
from flask import Flask

app = Flask(__name__)
```

```toml good pyproject.toml
[project]
name = "shop"
version = "1"
dependencies = ["flask>=3"]
```

```toml good uv.lock
version = 1
```

```dockerfile good Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
RUN pip install uv && uv sync --frozen && pip install --no-deps .
CMD ["gunicorn", "app:app"]
```
"""

from flask_preflight.artifacts.dockerfile import Instruction
from flask_preflight.artifacts.image import Image
from flask_preflight.lazy import expression
from flask_preflight.rule import Message, Result, Results, rule

IGNORED = Message("{0} is not used: the image gets what the index offers on the day of the build")
LOCKS = ("uv.lock", "poetry.lock", "Pipfile.lock", "pdm.lock")
_FOLLOWS = expression(
    r"\buv (?:sync|export|run)\b|\bpoetry (?:install|export|sync)\b|\bmicropipenv\b"
    r"|\bpipenv (?:sync|install|requirements)\b|\bpdm (?:sync|install|export)\b"
    r"|-r[ =]?\S*(?:requirements|lock)|--require-hashes"
)
_LOOSE = expression(
    r"\bpip3? install (?:(?!&&|;|\n)[^\n])*?(?:-e )?[\"']?\.(?:\[[\w,-]+\])?[\"']?(?=\s|\Z)"
    r"|\buv pip install (?:(?!&&|;|\n)[^\n])*?-r pyproject\.toml"
)
_PARTS = expression(r"--no-deps|-c \S|--constraint")


@rule("DEP070", "lockfile-ignored-by-image", "warning", "ci-cd", "~DKR504", sees="relation")
def check(image: Image) -> Results:
    lock = _lock(image)
    runs = [one for stage in image.stages for one in stage.all("RUN")]
    if not lock or any(_FOLLOWS.search(one.value) for one in runs):
        return
    for instruction in runs:
        if _is_loose(instruction):
            yield Result(instruction.location, IGNORED(lock))
            return


def _lock(image: Image) -> str:
    """The lock file of the folder that it is built in."""
    if image.copies.context is None:
        return ""
    paths = (image.copies.repository_path(name) for name in LOCKS)
    return next((path for path in paths if image.copies.tree.file(path)), "")


def _is_loose(instruction: Instruction) -> bool:
    found = _LOOSE.search(instruction.value)
    return found is not None and not _PARTS.search(instruction.value)
