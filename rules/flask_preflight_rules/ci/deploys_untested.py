"""A deployment does not wait for the tests.

Both start with the same push: production gets the change while its tests still run, or after they
failed. A protected branch helps with what is merged, not with two changes that only fail together.

Fix: put both in one workflow with `needs: [test]`, or deploy on the success of the workflow of the
tests.

Intended: when what is deployed was tested elsewhere, for instance as the pull request of a queue.

Sources: GitHub, "Using jobs in a workflow"; GitLab, "needs".

```yaml bad .github/workflows/ci.yml {10}
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps: [{run: pytest}]
  deploy:
    if: github.ref == 'refs/heads/main'
    environment: production
    runs-on: ubuntu-latest
    steps: [{run: kubectl apply -f k8s}]
```

```python bad tests/test_app.py
def test_home(): ...
```

```yaml bad .github/workflows/ci.yml
on: [push, pull_request]
jobs:
  test:
    runs-on: ubuntu-latest
    steps: [{run: pytest}]
```

```yaml bad .github/workflows/deploy.yml {6}
on: {push: {branches: [main]}}
jobs:
  deploy:
    environment: production
    runs-on: ubuntu-latest
    steps: [{run: kubectl apply -f k8s}]
```

```python bad tests/test_app.py
def test_home(): ...
```

```yaml bad .gitlab-ci.yml {6}
test:
  script: pytest
deploy:
  stage: deploy
  needs: []
  script: kubectl apply -f k8s
```

```yaml good .github/workflows/ci.yml
name: CI
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps: [{run: pytest}]
  build:
    needs: test
    runs-on: ubuntu-latest
    steps: [{run: docker build .}]
  deploy:
    needs: build
    runs-on: ubuntu-latest
    steps: [{run: kubectl apply -f k8s}]
  same:
    runs-on: ubuntu-latest
    steps: [{run: pytest}, {run: kubectl apply -f k8s}]
  elsewhere:
    needs: external
    runs-on: ubuntu-latest
    steps: [{run: kubectl apply -f k8s}]
  external:
    uses: example/workflows/.github/workflows/test.yml@60a0d83039c74a4aee543508d2ffcb1c3799cdea
  call:
    needs: test
    uses: ./.github/workflows/called.yml
```

```yaml good .github/workflows/called.yml
on: workflow_call
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps: [{run: kubectl apply -f k8s}]
```

```yaml good .github/workflows/after.yml
on: {workflow_run: {workflows: [CI], types: [completed]}}
jobs:
  deploy:
    if: github.event.workflow_run.conclusion == 'success'
    runs-on: ubuntu-latest
    steps: [{run: kubectl apply -f k8s}]
```

```yaml good .github/workflows/promote.yml
on: {workflow_dispatch: {inputs: {tag: {required: true}}}}
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps: [{run: kubectl apply -f k8s}]
```

```python good tests/test_app.py
def test_home(): ...
```

```yaml good .gitlab-ci.yml
test:
  script: pytest
deploy:
  stage: deploy
  script: kubectl apply -f k8s
```

```python good tests/test_app.py
def test_home(): ...
```

```yaml good .github/workflows/deploy.yml
on: {push: {branches: [main]}}
jobs:
  deploy:
    environment: production
    runs-on: ubuntu-latest
    steps: [{run: kubectl apply -f k8s}]
```
"""

from flask_preflight.artifacts.ci import Job, Pipeline, Pipelines
from flask_preflight.rule import Level, Message, Result, Results, rule
from flask_preflight_rules.ci._deployments import (
    Deployment,
    deployments,
    is_manual,
    is_released,
    upstream,
)

FIRST = Message("{0} deploys without waiting for the tests, and also when they fail")


@rule("CIC064", "deploys-untested", "error", "ci-cd", sees="relation")
def check(pipelines: Pipelines) -> Results:
    tested = [(one, job) for one in pipelines.workflows for job in _testing(one)]
    if not pipelines.tests or not tested:
        return
    before_merge = any("pull_request" in one.events for one, _ in tested)
    also = (tested[0][1].at().saying("the tests"),)
    for one in deployments(pipelines):
        if not _is_tested(one, pipelines) and not _promotes(one.job):
            level = _level(one, before_merge)
            yield Result(one.location, FIRST(one.job.id), also, level=level)


def _testing(pipeline: Pipeline) -> list[Job]:
    return [job for job in pipeline.jobs.values() if "test" in job.does()]


def _is_tested(one: Deployment, pipelines: Pipelines) -> bool:
    """Whether tests, or something that cannot be read, must pass before."""
    job = one.job
    if any("test" in before.does() or before.opaque for before in (job, *upstream(job))):
        return True
    for start in one.starts:
        names = start.pipeline.spec.items_of("on", "workflow_run", "workflows")
        parents = [parent for parent in pipelines.all if parent.name in names]
        if any(_testing(parent) or parent.opaque for parent in parents):
            return True
    return not one.starts and job.pipeline.provider == "github"


def _promotes(job: Job) -> bool:
    """Whether a person says what is deployed."""
    return is_manual(job) and bool(job.pipeline.spec.map("on", "workflow_dispatch", "inputs"))


def _level(one: Deployment, before_merge: bool) -> Level | None:
    if is_manual(one.job) or is_released(one.job):
        return "note"
    return None if one.production and not before_merge else "warning"
