"""The image contains the tools of developers.

They make it larger, and each of them may have a hole that has to be mended in production.

Fix: install the dependencies of production only: `uv sync --no-dev`, `poetry install --only main`,
or a `requirements.txt` without them.

Sources: Docker, "Building best practices: Don't install unnecessary packages".

```dockerfile bad {3,4}
FROM python:3.13-slim
COPY . .
RUN pip install --no-cache-dir -r requirements-dev.txt
RUN pip install --no-cache-dir pytest==8.0.0
```

```dockerfile bad {3,4}
FROM python:3.13-slim
COPY . .
RUN pip install --no-cache-dir .[dev]
RUN pipenv install --system --dev
```

```dockerfile good
FROM python:3.13-slim AS test
COPY . .
RUN pip install --no-cache-dir -r requirements-dev.txt
FROM python:3.13-slim
COPY . .
RUN pip install --no-cache-dir -r requirements.txt .[web] && uv sync --no-dev
```
"""

from flask_preflight.artifacts.dockerfile import Instruction
from flask_preflight.artifacts.shell import Command
from flask_preflight.lazy import expression
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.docker._commands import is_shipped, pip_arguments

TOOLS = Message("the image contains tools of developers ({0})")
FILE = expression(
    r"(?:^|[-_./])(?:dev|develop|development|test|tests|testing|lint|docs)(?:[-_./]|$)"
)
EXTRA = expression(r"\[(?:[\w-]+,)*(?:dev|test|tests|testing|lint|docs)(?:,[\w-]+)*\]")
PACKAGES = expression(
    r"(?:pytest[\w-]*|coverage|tox|nox|flake8[\w-]*|black|isort|ruff|mypy|pylint|bandit|pre-commit"
    r"|ipdb|ipython|pudb|debugpy|ptvsd|flask-debugtoolbar|flask-testing|factory-boy|faker|moto"
    r"|jupyter\w*)(?:\[|[=<>~!]|\Z)"
)


@rule("DKR505", "dev-dependencies-in-image", "warning", "container")
def check(instruction: Instruction) -> Results:
    stage = instruction.stage
    if instruction.name != "RUN" or stage is None or stage.development:
        return
    if is_shipped(instruction):
        for command in instruction.commands:
            found = _development(command)
            if found:
                yield Result(command.location, TOOLS(found))


def _development(command: Command) -> str:
    """What shows that the command installs them; empty if nothing does."""
    if command.program == "pipenv" and command.has("--dev") and "install" in command.words:
        return "pipenv install --dev"
    arguments = pip_arguments(command, "install") or ()
    for index, word in enumerate(arguments):
        before = arguments[index - 1] if index else ""
        if before in ("-r", "--requirement") or word.startswith("-r"):
            if FILE.search(word.removeprefix("-r").lower()):
                return word.removeprefix("-r")
        elif EXTRA.search(word) or PACKAGES.match(word.lower()) and before != "-r":
            return word
    return ""
