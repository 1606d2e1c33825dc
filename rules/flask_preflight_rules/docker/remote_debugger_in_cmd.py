"""The container starts under a debugger.

Whoever reaches its port runs code in the container; or it waits for a keyboard that is not there.

Fix: start the server itself; use the debugger in a file for development.

Sources: debugpy, "Command line usage"; CWE-489.

```dockerfile bad {2}
FROM python:3.13-slim
CMD ["python", "-m", "debugpy", "--listen", "0.0.0.0:5678", "-m", "gunicorn", "app:app"]
```

```dockerfile good
FROM python:3.13-slim AS debug
CMD ["python", "-m", "debugpy", "--listen", "0.0.0.0:5678", "app.py"]
FROM python:3.13-slim
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```
"""

from flask_preflight.artifacts.image import Image
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.docker._runs import replaces_command

OPEN = Message("the container starts under {0}: whoever reaches its port runs code in it")
DEBUGGERS = ("debugpy", "ptvsd", "pydevd", "pdb", "rpdb", "remote_pdb")


@rule("DKR404", "remote-debugger-in-cmd", "error", "security", "CWE-489")
def check(image: Image) -> Results:
    for command in image.start_commands:
        words = command.words
        debugger = next((word for word in words[:5] if word in DEBUGGERS), "")
        if debugger and (words[0] == debugger or "-m" in words) and not replaces_command(image):
            yield Result(command.location, OPEN(debugger))
