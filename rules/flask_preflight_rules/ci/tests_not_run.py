"""The repository has tests, and no pipeline runs them.

A change that breaks them is merged and deployed like any other.

Fix: run the tests in a job that starts for every pull request.

Intended: when another system runs them; ignore the rule in the configuration then.

Sources: GitHub, "Building and testing Python"; The Twelve-Factor App, "Build, release, run".

```yaml bad .github/workflows/ci.yml {1}
on: push
permissions: {}
jobs:
  lint:
    runs-on: ubuntu-latest
    steps:
      - run: ruff check .
      - run: echo "run pytest here"
```

```python bad tests/test_app.py
def test_home(): ...
```

```yaml good .github/workflows/ci.yml
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: ./scripts/check
```

```sh good scripts/check
#!/usr/bin/env bash
ruff check .
uv run python -m pytest -q
```

```python good tests/test_app.py
def test_home(): ...
```

```yaml good .github/workflows/ci.yml
on: push
jobs:
  test:
    uses: elsewhere/workflows/.github/workflows/test.yml@v1
```

```python good tests/test_app.py
def test_home(): ...
```

```yaml good .github/workflows/ci.yml
on: push
jobs:
  lint:
    runs-on: ubuntu-latest
    steps:
      - run: ruff check .
```

```yaml good .github/workflows/ci.yml
on: {schedule: [{cron: "0 0 * * 1"}]}
jobs:
  stale:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/stale@v9
```

```python good tests/test_app.py
def test_home(): ...
```
"""

from flask_preflight.artifacts.ci import Pipelines
from flask_preflight.rule import Message, Result, Results, rule

NEVER = Message("no pipeline runs the tests ({0}), so a broken change is merged like any other")


@rule("CIC051", "tests-not-run", "warning", "ci-cd", sees="absent")
def check(pipelines: Pipelines) -> Results:
    workflows = pipelines.workflows
    if not pipelines.tests or any(one.opaque for one in pipelines.all):
        return
    if not any(step.judged for one in workflows for step in one.steps):
        # Only actions that look after issues or dependencies: the tests run elsewhere.
        return
    if not any(one.labelled("test") for one in pipelines.all):
        yield Result(workflows[0].first, NEVER(pipelines.tests[0]))
