"""A virtual environment is copied to another folder than it was made in.

Its programs begin with the path of the Python they were made for: `gunicorn` is there and cannot be
started.

Fix: copy it to the folder it was made in, `COPY --from=build /opt/venv /opt/venv`.

Sources: Python, "venv: Warning about moving environments".

```dockerfile bad {4}
FROM python:3.13-slim AS build
RUN python -m venv /build/venv && /build/venv/bin/pip install gunicorn==23.0.0
FROM python:3.13-slim
COPY --from=build /build/venv /app/venv
ENV PATH=/app/venv/bin:$PATH
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```dockerfile good
FROM python:3.13-slim AS build
RUN python -m venv /opt/venv && /opt/venv/bin/pip install gunicorn==23.0.0
FROM python:3.13-slim
COPY --from=build /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```
"""

from collections.abc import Iterator

from flask_preflight.artifacts.dockerfile import Instruction, Stage
from flask_preflight.rule import Message, Result, Results, rule

MOVED = Message("the programs in {1} look for Python in {0}, so none of them starts")


@rule("DKR507", "virtualenv-moved", "error", "container")
def check(stage: Stage) -> Results:
    for copy in stage.instructions if stage.shipped else ():
        name = copy.flag("from")
        origin = stage.dockerfile.stage(name) if copy.name == "COPY" and name else None
        if origin is None or len(copy.words) != 2:
            continue
        source, target = ((word.value or "").rstrip("/") for word in copy.words)
        made = set(_environments(origin))
        if source in made and target[:1] == "/" and target != source and _used(stage, target):
            yield Result(copy.location, MOVED(source, target))


def _environments(stage: Stage) -> Iterator[str]:
    """The absolute folders in which its commands make virtual environments."""
    for run in stage.all("RUN"):
        for command in run.commands:
            words = command.words
            made = words[1:3] == ("-m", "venv") or command.program == "virtualenv"
            made = made or command.program == "uv" and words[1:2] == ("venv",)
            if made and "--relocatable" not in words and words[-1][:1] == "/":
                yield words[-1].rstrip("/")


def _used(stage: Stage, folder: str) -> bool:
    def names(instruction: Instruction) -> bool:
        return f"{folder}/bin" in instruction.value or f"VIRTUAL_ENV={folder}" in instruction.value

    return any(names(one) for one in stage.all("ENV", "CMD", "ENTRYPOINT"))
