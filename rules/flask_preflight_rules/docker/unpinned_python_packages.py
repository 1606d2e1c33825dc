"""The image installs whatever release of a package is newest.

The next build may get another one, which breaks the application without a commit.

Fix: `pip install flask==3.1.3`, or install from a file with pinned versions.

Sources: pip, "Repeatable Installs"; CWE-1357.

```dockerfile bad {2}
FROM python:3.13-slim
RUN pip install --no-cache-dir flask gunicorn==23.0.0 redis
```

```dockerfile bad {2}
FROM python:3.13-slim
RUN pip install --no-cache-dir git+https://github.com/example/tool
```

```dockerfile bad {2}
FROM python:3.13-slim
RUN pip install --no-cache-dir poetry
```

```dockerfile good
FROM python:3.13-slim
ARG EXTRA
RUN pip install --no-cache-dir -U pip setuptools wheel
RUN pip install --no-cache-dir flask==3.1.3 "gunicorn>=23,<24" $EXTRA
RUN pip install --no-cache-dir -r requirements.txt -c constraints.txt
RUN pip install --no-cache-dir flask -c constraints.txt
RUN pip install --no-cache-dir . ./lib -e .[web] --prefix /install dist/shop.whl
RUN pip install --no-cache-dir git+https://github.com/example/tool@v1.2.0
```
"""

import re
from collections.abc import Iterator

from flask_preflight.artifacts.dockerfile import Instruction
from flask_preflight.rule import Level, Message, Result, Results, rule, several
from flask_preflight_rules.docker._commands import pip_arguments, reaches_image

NEWEST = Message("the build installs whatever release of {0} is newest")
TOOLS = frozenset("uv poetry pipenv pdm pip-tools hatch".split())
BOOTSTRAP = frozenset("pip setuptools wheel virtualenv".split())
VALUED = frozenset(
    "-r --requirement -c --constraint -i --index-url --extra-index-url -f --find-links -t --target "
    "--prefix --root --python --python-version --platform --timeout --retries --cache-dir "
    "--trusted-host -e --editable --progress-bar --no-binary --only-binary --config-settings "
    "--upgrade-strategy --src --log --proxy --cert --abi --implementation --root-user-action "
    "--report --exists-action --use-feature --use-deprecated --keyring-provider --client-cert "
    "--progress --build --install-option --global-option".split()
)


@rule("DKR504", "unpinned-python-packages", "warning", "container", "CWE-1357", "DL3013")
def check(instruction: Instruction) -> Results:
    if instruction.name != "RUN" or not reaches_image(instruction):
        return
    for command in instruction.commands:
        arguments = pip_arguments(command, "install") or ()
        if any(word.split("=")[0] in ("-c", "--constraint") for word in arguments):
            continue
        names = list(_unpinned(arguments))
        if names:
            level: Level | None = "note" if TOOLS.issuperset(names) else None
            yield Result(command.location, NEWEST(several(names, 4)), level=level)


def _unpinned(arguments: tuple[str, ...]) -> Iterator[str]:
    skip = False
    for word in arguments:
        if skip or word.startswith("-"):
            skip = not skip and word in VALUED
            continue
        if word.startswith("git+"):
            if not re.search(r"@[^/]+\Z", word.partition("#")[0]):
                yield re.sub(r"\A.*/|\.git\Z", "", word.partition("#")[0])
        elif re.fullmatch(r"[A-Za-z0-9][\w.-]*(?:\[[\w,.-]*\])?", word):
            name = word.partition("[")[0].lower()
            if name not in BOOTSTRAP and not word.endswith((".whl", ".gz", ".zip", ".txt")):
                yield name
