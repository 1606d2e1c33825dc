"""The cache of pip stays in the image.

The archives of all packages make the image larger, slower to pull, and nobody reads them again.

Fix: `pip install --no-cache-dir …`, or a cache of the build, `RUN --mount=type=cache,
target=/root/.cache/pip`.

Sources: pip, "Caching"; Docker, "Optimize cache usage in builds".

```dockerfile bad {3,4}
FROM python:3.13-slim
COPY requirements.txt .
RUN pip install -r requirements.txt
RUN python3 -m pip install flask==3.1.3
```

```dockerfile good
FROM python:3.13-slim AS build
RUN pip install flask==3.1.3
FROM python:3.13-slim
RUN pip install --no-cache-dir flask==3.1.3 && pip --no-cache-dir install gunicorn==23.0.0
RUN --mount=type=cache,target=/root/.cache/pip pip install flask==3.1.3
RUN pip install flask==3.1.3 && rm -rf /root/.cache
RUN PIP_NO_CACHE_DIR=0 pip install flask==3.1.3
RUN export PIP_NO_CACHE_DIR=1 && pip install flask==3.1.3
RUN --mount=type=tmpfs,target=/root/.cache/pip pip2 install flask==1.1.4
```

```dockerfile good
FROM python:3.13-slim
ENV PIP_NO_CACHE_DIR=1
RUN pip install flask==3.1.3
```
"""

from flask_preflight.artifacts.dockerfile import Instruction
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.docker._commands import is_shipped, pip_arguments

KEPT = Message("the archives of all packages stay in the image", "kept")
SWITCH = "PIP_NO_CACHE_DIR"


@rule(
    "DKR503",
    "pip-cache-kept",
    "note",
    "container",
    "DL3042",
    "semgrep:missing-pip-no-cache-dir",
)
def check(instruction: Instruction) -> Results:
    stage = instruction.stage
    if instruction.name != "RUN" or stage is None or not is_shipped(instruction):
        return
    cleans = ".cache" in instruction.value or "cache purge" in instruction.value
    mounted = (flag.value for flag in instruction.flags)
    kept = any("type=cache" in value or ".cache" in value for value in mounted)
    # pip takes any text for a yes, "0" and "false" included.
    given = stage.environment.get(SWITCH)
    if cleans or kept or SWITCH in instruction.value or given is not None and given.value != "":
        return
    for command in instruction.commands:
        told = any(word.startswith("--no-ca") for word in command.words) or command.program == "uv"
        if pip_arguments(command, "install", "wheel", "download") and not told:
            yield Result(command.location, KEPT())
            return
