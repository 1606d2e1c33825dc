"""A version without quotes is read as a number and loses its last zero.

`3.10` becomes `3.1`: the job tests on another version than production runs, or fails because there
is none.

Fix: put quotes around it.

Sources: YAML 1.2.2, 10.3 "Core schema"; actions/setup-python, "Advanced usage".

```yaml bad .github/workflows/ci.yml {3,8,9,14}
on: push
env:
  PYTHON_VERSION: 3.10
jobs:
  test:
    strategy:
      matrix:
        python: [3.9, 3.10, "3.11"]
        include: [{python: 3.20, os: windows-latest}]
    runs-on: ubuntu-latest
    steps:
      - uses: actions/setup-go@v6
        with:
          go-version: 1.20
      - uses: actions/setup-python@v6
        with: {python-version: "${{ matrix.python }}"}
```

```yaml bad .github/workflows/axis.yml {6}
on: push
jobs:
  test:
    strategy:
      matrix:
        version: [3.10]
    runs-on: ubuntu-latest
    steps:
      - uses: actions/setup-python@v6
        with: {python-version: "${{ matrix.version }}"}
```

```yaml bad .gitlab-ci.yml {2}
variables:
  PYTHON_VERSION: 3.10
test:
  image: python:$PYTHON_VERSION
  script: pytest
```

```yaml good .github/workflows/ci.yml
on: push
jobs:
  test:
    strategy:
      matrix:
        python-version: ["3.10", '3.20', 3.9, 3.11, 3.1]
        pressure: [1.10, 2.0]
        node: [20, 22]
    runs-on: ubuntu-latest
    env: {SCALE: 1.50}
    steps:
      - uses: actions/setup-python@v6
        with: {python-version: 3.13}
      - uses: astral-sh/setup-uv@v6
        with: {version: 0.10}
      - uses: actions/setup-node@v6
        with: {node-version: 22}
```
"""

import re
from collections.abc import Iterator

from flask_preflight.artifacts.ci import Job, Pipeline
from flask_preflight.artifacts.yaml import Map
from flask_preflight.rule import Location, Message, Result, Results, rule

SHORTER = Message("{0} without quotes is the number {1}: the job gets version {1}")
LANGUAGE = re.compile(
    r"(?i)(?:\w+_)?(?:python|node|go|ruby|java|dotnet|php)(?:[-_]?versions?)?\Z|versionSpec\Z"
)
MATRIX = re.compile(r"\$\{\{\s*matrix\.([\w-]+)\s*\}\}\Z")
AXES = ("strategy", "matrix")
Keys = tuple[str | int, ...]


@rule("CIC005", "version-parsed-as-number", "error", "ci-cd")
def check(pipeline: Pipeline) -> Results:
    found = list(_named(pipeline.spec, ("env",), ("variables",)))
    for job in pipeline.jobs.values():
        found += _named(job.spec, ("env",), ("variables",), ("with",))
        found += _axes(job)
        for step in job.steps:
            found += _named(step.spec, ("env",), ("with",))
    for text, where in dict.fromkeys(found):
        yield Result(where, SHORTER(text, text.rstrip("0").removesuffix(".")))


def _axes(job: Job) -> Iterator[tuple[str, Location]]:
    """The axes of a matrix that are a version by their name or by what gets their value."""
    given = [value for step in job.steps for name, value in _inputs(step.spec)]
    used = {found[1] for value in given if (found := MATRIX.match(value))}
    matrix = job.spec.map(*AXES)
    included = (name for one in matrix.maps("include") for name in one)
    names = dict.fromkeys((*matrix, *included))
    for name in names:
        if name in used or LANGUAGE.match(name):
            yield from _numbers(job.spec, (*AXES, name))
            for index in range(len(matrix.items_of("include"))):
                yield from _numbers(job.spec, (*AXES, "include", index, name))


def _inputs(spec: Map) -> Iterator[tuple[str, str]]:
    for name in spec.map("with"):
        if LANGUAGE.match(name):
            yield name, spec.text("with", name)


def _named(spec: Map, *sections: Keys) -> Iterator[tuple[str, Location]]:
    for section in sections:
        for name in spec.map(*section):
            if LANGUAGE.match(name):
                yield from _numbers(spec, (*section, name))
                yield from _numbers(spec, (*section, name, "value"))


def _numbers(spec: Map, keys: Keys) -> Iterator[tuple[str, Location]]:
    """The numbers of a value that are written with a last zero."""
    value = spec.dig(*keys)
    if isinstance(value, list):
        for index in range(len(value)):
            yield from _numbers(spec, (*keys, index))
    node = spec.written(*keys)
    if isinstance(value, float) and node is not None and re.fullmatch(r"\d+\.\d*0", node.text):
        yield node.text, spec.value_at(*keys)
