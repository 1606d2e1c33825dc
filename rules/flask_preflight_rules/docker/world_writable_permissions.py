"""Everybody in the container may change a part of the image.

A process that was taken over then changes the application, or a script that root runs.

Fix: give the files to the user that needs them, `COPY --chown=app:app`.

Sources: Docker, "Building best practices: USER"; CWE-732.

```dockerfile bad {2,3,4}
FROM python:3.13-slim
RUN chmod -R 777 /app
RUN mkdir /data && chmod a+w /data
COPY --chmod=0777 . /app
```

```dockerfile good
FROM python:3.13-slim
RUN chmod 1777 /spool && chmod 777 /tmp && chmod 755 /app && chmod +x /start.sh && chmod g+w /data
COPY --chmod=755 start.sh /
```
"""

from flask_preflight.artifacts.dockerfile import Instruction
from flask_preflight.lazy import expression
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.docker._commands import is_shipped

ANYBODY = Message("everybody in the container may change {0}")
OPEN = expression(r"0?[0-7][0-7][2367]\Z|(?:[ug]*[oa][ugoa]*)\+[rxXs]*w[rwxXs]*\Z")
PUBLIC = ("/tmp", "/var/tmp", "/dev/shm", "/run")


@rule("DKR106", "world-writable-permissions", "warning", "security", "CWE-732")
def check(instruction: Instruction) -> Results:
    if not is_shipped(instruction):
        return
    mode = instruction.flag("chmod") if instruction.name in ("COPY", "ADD") else None
    if mode is not None and OPEN.match(mode):
        yield Result(instruction.location, ANYBODY("what is copied"))
    for command in instruction.commands if instruction.name == "RUN" else ():
        words = [word for word in command.words[1:] if not word.startswith("-")]
        if command.program != "chmod" or len(words) < 2 or not OPEN.match(words[0]):
            continue
        paths = [path for path in words[1:] if not path.startswith(PUBLIC)]
        if paths:
            yield Result(command.location, ANYBODY(paths[0]))
