"""The build stops: it copies from a stage that there is not, or two stages have one name.

Nobody notices before the next build, which may be the one that mends a fault in production.

Fix: name an earlier stage; give each stage a name of its own.

Sources: Docker, "Multi-stage builds"; Docker, "Build checks: DuplicateStageName".

```dockerfile bad Dockerfile {4,5,6}
FROM python:3.13-slim AS build
RUN pip wheel flask==3.1.2
FROM python:3.13-slim AS web
COPY --from=web /wheels /wheels
COPY --from=3 /wheels /wheels
COPY a.py b.py /srv
CMD ["gunicorn", "app:app"]
```

```dockerfile bad Dockerfile {2}
FROM python:3.13-slim AS build
FROM python:3.13-slim AS Build
CMD ["gunicorn", "app:app"]
```

```dockerfile good Dockerfile
FROM python:3.13-slim AS build
RUN pip wheel flask==3.1.2
FROM python:3.13-slim
COPY --from=build /wheels /wheels
COPY --from=0 /wheels /wheels
COPY --from=ghcr.io/astral-sh/uv:0.9 /uv /bin/
COPY a.py b.py /srv/
COPY a.py b.py ./
COPY a.py $TARGET
CMD ["gunicorn", "app:app"]
```
"""

from flask_preflight.artifacts.dockerfile import Stage
from flask_preflight.rule import Message, Result, Results, rule

ITSELF = Message("{0} copies from itself, so the build stops", "itself")
NUMBER = Message("there is no stage {0} before this one, so the build stops", "number")
TWICE = Message("two stages are called {0}, so the build stops", "twice")
FOLDER = Message("several files go to {0} without a slash at its end: the build stops", "folder")


@rule(
    "DKR009",
    "invalid-stage-reference",
    "error",
    "container",
    "DL3021",
    "DL3023",
    "DL3024",
    "DS-0006",
    "DS-0011",
    "DS-0012",
    "buildkit:DuplicateStageName",
    enabled=False,
)
def check(stage: Stage) -> Results:
    earlier = {one.name for one in stage.dockerfile.stages[: stage.number] if one.name}
    if stage.name in earlier:
        yield Result(stage.start.location, TWICE(stage.name))
    for instruction in stage.instructions:
        if instruction.name not in ("COPY", "ADD"):
            continue
        given = (instruction.flag("from") or "").lower()
        if given and given == stage.name:
            yield Result(instruction.location, ITSELF(stage.name))
        elif given.isdigit() and int(given) >= stage.number:
            yield Result(instruction.location, NUMBER(given))
        words = [word.value for word in instruction.words]
        target = words[-1] if len(words) > 2 and not instruction.heredocs else None
        if target and not target.endswith(("/", ".")) and None not in words:
            yield Result(instruction.location, FOLDER(target))
