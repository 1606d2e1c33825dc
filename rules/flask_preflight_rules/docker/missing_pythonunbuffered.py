"""What the program prints stays in a buffer.

Python writes the output of a container in blocks: lines come late, and the last ones, which say why
it died, are lost.

Fix: `ENV PYTHONUNBUFFERED=1`.

Sources: Python, "Command line and environment: PYTHONUNBUFFERED".

```dockerfile bad {1}
FROM python:3.13-slim
CMD ["python", "worker.py"]
```

```dockerfile good
FROM python:3.13-slim
ENV PYTHONUNBUFFERED=1
CMD ["python", "worker.py"]
FROM python:3.13-slim
CMD ["python", "-u", "worker.py"]
FROM nginx:1.29
```
"""

from flask_preflight.artifacts.image import Image
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.docker._runs import production_runs

LATE = Message("what Python prints stays in a buffer: the last lines before a crash are lost")
NAME = "PYTHONUNBUFFERED"


@rule("DKR501", "missing-pythonunbuffered", "note", "observability", sees="absent")
def check(image: Image) -> Results:
    if image.variable(NAME) is not None or not _is_python(image):
        return
    runs = production_runs(image)
    if not runs or not all(NAME in run.environment for run in runs):
        yield Result(image.at(), LATE())


def _is_python(image: Image) -> bool:
    """Whether a Python program certainly starts, and not with `-u`."""
    for command in image.start_commands:
        python = command.program.startswith("python") or command.program in ("flask", "gunicorn")
        if python and not command.has("-u"):
            return True
    return False
