"""An instruction changes nothing in the image.

Each RUN has a shell of its own: the folder, the variable or the environment that it enters is gone
when the instruction ends.

Fix: `WORKDIR` for folders, `ENV` for variables, `ENV PATH=/venv/bin:$PATH` for a virtual
environment.

Sources: Docker, "Building best practices: WORKDIR".

```dockerfile bad {2,3,4}
FROM python:3.13-slim
RUN cd /app
RUN export FLASK_ENV=production
RUN . /venv/bin/activate
```

```dockerfile good
FROM python:3.13-slim
RUN cd /app && make
RUN . /venv/bin/activate && pip install --no-cache-dir flask==3.1.3
RUN export NAME=$(cat /name) && echo "$NAME" > /etc/name
RUN umask 022; cd /app > /log
```
"""

from flask_preflight.artifacts.dockerfile import Instruction
from flask_preflight.rule import Message, Result, Results, rule

GONE = Message("{0} is gone when this instruction ends")
FLEETING = frozenset("cd export source . alias unset umask ulimit set shopt".split())


@rule("DKR605", "run-without-lasting-effect", "warning", "container", "DL3003")
def check(instruction: Instruction) -> Results:
    commands = instruction.commands if instruction.name == "RUN" else []
    works = any(sign in instruction.value for sign in (">", "<", "|", "`", "$("))
    if not commands or instruction.exec is not None or works:
        return
    if all(one.program in FLEETING or not one.words for one in commands):
        yield Result(instruction.location, GONE(f"what {commands[0].program or 'it'} does"))
