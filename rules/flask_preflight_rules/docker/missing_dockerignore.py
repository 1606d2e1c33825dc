"""Everything that lies in the folder goes into the image.

Without a `.dockerignore` a copy of the folder takes the history in `.git`, `.env` files with their
secrets and virtual environments along, and each change of any file builds everything anew.

Fix: write a `.dockerignore` beside the Dockerfile with `.git`, `**/.env*`, `.venv` and the like.

Sources: Docker, "Build context: .dockerignore files".

```dockerfile bad {2}
FROM python:3.13-slim
COPY . /app
```

```dockerfile good
FROM python:3.13-slim
COPY app.py requirements.txt /app/
COPY shop /app/shop
```

```dockerfile good
FROM python:3.13-slim
COPY . /app
```

```text good .dockerignore
.git
**/.env*
```
"""

from flask_preflight.artifacts.image import Image
from flask_preflight.rule import Level, Message, Result, Results, rule

ALL = Message("no .dockerignore: .git, .env files and all else in the folder go into the image")


@rule("DKR304", "missing-dockerignore", "warning", "container", sees="absent")
def check(image: Image) -> Results:
    copies = image.copies
    if copies.context is None or copies.ignore.path:
        return
    for instruction in image.whole_copies[:1]:
        # A folder below the root has no history of its own.
        level: Level | None = "note" if copies.context else None
        yield Result(instruction.location, ALL(), level=level)
