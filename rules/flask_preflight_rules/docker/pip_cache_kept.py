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
RUN PIP_NO_CACHE_DIR=1 pip install flask==3.1.3
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
OFF = ("0", "", "false", "no", "off")


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
    cached = any("type=cache" in flag.value for flag in instruction.flags)
    set_off = stage.environment.get("PIP_NO_CACHE_DIR")
    if cleans or cached or set_off is not None and set_off.value not in OFF:
        return
    for command in instruction.commands:
        own = any(one.name == "PIP_NO_CACHE_DIR" for one in command.assignments)
        told = any(word.startswith("--no-ca") for word in command.words) or command.program == "uv"
        if pip_arguments(command, "install", "wheel", "download") and not own and not told:
            yield Result(command.location, KEPT())
            return
