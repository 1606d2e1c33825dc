"""The `.dockerignore` lets files with secrets, or the history, into the image.

Everybody who can pull the image reads them; `.git` holds every secret that was ever committed.

Fix: add `.git` and `**/.env*` (with `!**/.env.example`) to the file.

Sources: Docker, "Build context: .dockerignore files"; CWE-538.

```dockerfile bad {2}
FROM python:3.13-slim
COPY . /app
```

```text bad .dockerignore
*.pyc
```

```dockerfile bad {2}
FROM python:3.13-slim
COPY . /app
```

```text bad .dockerignore
.git
```

```env bad .env
COLOR=red
```

```dockerfile good
FROM python:3.13-slim
COPY . /app
```

```text good .dockerignore
.git
**/.env*
!.env.example
```

```env good .env
COLOR=red
```

```env good .env.example
COLOR=red
```

```dockerfile good
FROM python:3.13-slim
COPY . /app
RUN git describe > /version
```

```text good .dockerignore
*.pyc
```
"""

from flask_preflight.artifacts.image import Image
from flask_preflight.rule import Message, Result, Results, rule, several

INSIDE = Message("{0} goes into the image: {1} does not exclude it")
EXAMPLES = ("example", "sample", "template", "dist", "test", "ci", "defaults")


@rule("DKR305", "dockerignore-misses-sensitive", "warning", "container", "CWE-538")
def check(image: Image) -> Results:
    copies = image.copies
    wholes = image.whole_copies
    if copies.context is None or not copies.ignore.path or not wholes:
        return
    missed = [path for path in _sensitive(image) if not copies.excluded(path)]
    if missed:
        yield Result(wholes[0].location, INSIDE(several(missed), copies.ignore.path))


def _sensitive(image: Image) -> list[str]:
    """What there is, or is in every checkout, that nobody should read."""
    copies = image.copies
    folder = f"{copies.context}/" if copies.context else ""
    text = " ".join(one.value for stage in image.stage.chain for one in stage.all("RUN"))
    found = [] if copies.context or "git" in text else [".git"]
    for file in copies.tree.of("env"):
        name = file.path.rpartition("/")[2]
        example = any(word in name.lower() for word in EXAMPLES)
        if file.path.startswith(folder) and file.role == "production" and not example:
            found.append(file.path)
    return found
