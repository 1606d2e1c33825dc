"""The tests run after the merge only, or once a day.

The change that breaks them is on the main branch by then, and others build on it.

Fix: start the workflow of the tests for `pull_request` too.

Sources: GitHub, "Events that trigger workflows: pull_request"; GitLab, "Merge request pipelines".

```yaml bad .github/workflows/ci.yml {1}
on: {push: {branches: [main]}}
jobs:
  test:
    runs-on: ubuntu-latest
    steps: [{run: pytest}]
```

```yaml bad .github/workflows/nightly.yml
on: {schedule: [{cron: "0 1 * * *"}]}
jobs:
  test:
    runs-on: ubuntu-latest
    steps: [{run: tox}]
```

```yaml good .github/workflows/ci.yml
on: {push: {branches: [main]}, pull_request: {}}
jobs:
  test:
    runs-on: ubuntu-latest
    steps: [{run: pytest}]
```

```yaml good .github/workflows/nightly.yml
on: {schedule: [{cron: "0 1 * * *"}]}
jobs:
  test:
    runs-on: ubuntu-latest
    steps: [{run: tox}]
```

```yaml good .github/workflows/ci.yml
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps: [{run: pytest}]
```

```yaml good .github/workflows/ci.yml
on: {push: {branches: [main]}, merge_group: {}}
jobs:
  test:
    runs-on: ubuntu-latest
    steps: [{run: pytest}]
```

```yaml good .github/workflows/ci.yml
on: pull_request
jobs:
  all:
    uses: ./.github/workflows/test.yml
```

```yaml good .github/workflows/test.yml
on: {workflow_call: {}, workflow_dispatch: {}}
jobs:
  test:
    runs-on: ubuntu-latest
    steps: [{run: pytest}]
```

```yaml good .github/workflows/ci.yml
on: {push: {branches: [main]}}
jobs:
  test:
    runs-on: ubuntu-latest
    steps: [{run: pytest}]
```

```yaml good .github/workflows/pull.yml
on: pull_request
jobs:
  other:
    uses: example/workflows/.github/workflows/python.yml@60a0d83039c74a4aee543508d2ffcb1c3799cdea
```

```yaml good .gitlab-ci.yml
test:
  script: pytest
```
"""

from flask_preflight.artifacts.ci import Job, Pipelines
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.ci._deployments import (
    runs_for_any_branch,
    runs_for_pull_requests,
    starts,
)

LATE = Message("no pull request starts the tests: a broken change is merged first")


@rule("CIC052", "tests-not-on-change", "warning", "ci-cd", sees="relation")
def check(pipelines: Pipelines) -> Results:
    jobs = [job for one in pipelines.workflows for job in one.jobs.values()]
    testing = [job for job in jobs if "test" in job.does()]
    if not testing or any(_may_test(job) for job in jobs):
        return
    if all(one.is_read for one in pipelines.all):
        later = tuple(job.at().saying("more tests") for job in testing[1:])
        yield Result(testing[0].pipeline.first, LATE(), later)


def _may_test(job: Job) -> bool:
    """Whether a proposed change starts it, and it tests or cannot be read."""
    if "test" not in job.does() and not job.opaque:
        return False
    if job.pipeline.provider != "github":
        return True
    for start in starts(job):
        if "merge_group" in start.pipeline.triggers:
            return True
        if runs_for_pull_requests(start, job) is not False:
            return True
        if runs_for_any_branch(start, job) is not False:
            return True
    return not starts(job)
