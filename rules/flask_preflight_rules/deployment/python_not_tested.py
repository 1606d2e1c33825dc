"""Production runs a version of Python on which no test has run.

What was removed or changed in that version is found by the users.

Fix: add the version of the image to the matrix, or run the tests in the image.

Sources: The Twelve-Factor App, "X. Dev/prod parity"; Python, "What's New".

```yaml bad .github/workflows/ci.yml {7}
on: [push, pull_request]
jobs:
  test:
    runs-on: ubuntu-latest
    strategy:
      matrix:
        python-version: ["3.11", "3.12"]
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with: {python-version: "${{ matrix.python-version }}"}
      - run: pytest
```

```python bad app.py
from flask import Flask

app = Flask(__name__)
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
```

```yaml good .github/workflows/ci.yml
on: [push, pull_request]
jobs:
  test:
    runs-on: ubuntu-latest
    strategy:
      matrix:
        python-version: ["3.12", "3.13"]
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with: {python-version: "${{ matrix.python-version }}"}
      - run: pytest
```

```python good app.py
from flask import Flask

app = Flask(__name__)
```

```dockerfile good Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
```
"""

import re
from collections.abc import Iterator

from flask_preflight.artifacts.ci import Job, Pipelines
from flask_preflight.artifacts.dockerfile_base import reference
from flask_preflight.artifacts.image import Image
from flask_preflight.facts import Deployment
from flask_preflight.lazy import expression
from flask_preflight.rule import Location, Message, Result, Results, rule

UNTESTED = Message("production runs Python {0}, the tests ran on {1} only")
_INSIDE = expression(
    r"\b(?:docker|podman|make|tox|nox|devcontainer|hatch|pixi|conda)\b|\buv (?:run|python)\b"
)
"""What chooses a version of Python, or an image, by itself."""


@rule("DEP067", "python-not-tested", "warning", "ci-cd", sees="relation")
def check(deployment: Deployment) -> Results:
    served = [e.image for e in deployment.entries if e.role == "production" and e.application]
    images = {version: image for image in served if image and (version := _version(image))}
    for pipelines in deployment[Pipelines]:
        jobs = [
            job for one in pipelines.workflows for job in one.jobs.values() if "test" in job.does()
        ]
        if not images or not jobs or any(map(_is_unclear, jobs)):
            continue
        tested = {version: where for job in jobs for version, where in _tested(job)}
        missing = sorted(version for version in images if version not in tested)
        if tested and missing:
            where = next(iter(tested.values()))
            related = (images[missing[0]].at().saying("the image of production"),)
            said = UNTESTED(missing[0], " and ".join(sorted(tested)))
            yield Result(where, said, related)


def _version(image: Image) -> str:
    """The minor version of Python in an image of python, if its tag says so."""
    stage = image.stage.chain[-1] if image.stage.chain else image.stage
    for one in (stage, image.stage):
        found = reference(one.image)
        match = re.match(r"(3\.\d{1,2})(?:[.-]|\Z)", found.tag)
        if found.official == "python" and match is not None:
            return match[1]
    return ""


def _is_unclear(job: Job) -> bool:
    """Whether the version that its tests run on cannot be read."""
    if job.pipeline.provider != "github" or job.opaque or "container" in job.spec:
        return True
    tests = [c.text for step in job.steps if "test" in step.labels for c in step.judged]
    return any(_INSIDE.search(text) for text in tests) or not any(_tested(job))


def _tested(job: Job) -> Iterator[tuple[str, Location]]:
    """The versions that a job sets up, each with its place."""
    for value, where in (*job.axis("python-version"), *job.axis("python")):
        yield value, where
    for step in job.steps:
        if step.action == "actions/setup-python":
            value = step.spec.text("with", "python-version")
            for one in re.findall(r"\b3\.\d{1,2}\b", value):
                yield one, step.at("with", "python-version")
