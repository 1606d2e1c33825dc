"""A workflow that follows another deploys whether that one passed or failed.

`workflow_run` with `completed` only says that the other workflow has ended: with tests that failed,
or cancelled.

Fix: `if: github.event.workflow_run.conclusion == 'success'` on the job.

Sources: GitHub, "Events that trigger workflows: workflow_run".

```yaml bad .github/workflows/deploy.yml {5,9}
on: {workflow_run: {workflows: [CI], types: [completed]}}
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps: [{run: kubectl apply -f k8s}]
  push:
    if: github.event.workflow_run.head_branch == 'main'
    runs-on: ubuntu-latest
    steps: [{run: docker push example/web}]
```

```yaml good .github/workflows/deploy.yml
on: {workflow_run: {workflows: [CI], types: [completed]}}
jobs:
  check:
    if: ${{ github.event.workflow_run.conclusion == 'success' }}
    runs-on: ubuntu-latest
    steps: [{run: echo passed}]
  deploy:
    needs: check
    runs-on: ubuntu-latest
    steps: [{run: kubectl apply -f k8s}]
  step:
    runs-on: ubuntu-latest
    steps:
      - if: github.event.workflow_run.conclusion == 'success'
        run: kubectl apply -f k8s
  tells:
    if: github.event.workflow_run.conclusion != 'success'
    runs-on: ubuntu-latest
    steps: [{run: echo failed}]
  asks:
    runs-on: ubuntu-latest
    steps:
      - run: test "${{ github.event.workflow_run.conclusion }}" = success
      - run: kubectl apply -f k8s
```

```yaml good .github/workflows/early.yml
on: {workflow_run: {workflows: [CI], types: [requested]}}
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps: [{run: kubectl apply -f k8s}]
```

```yaml good .github/workflows/both.yml
on: {workflow_run: {workflows: [CI]}, workflow_dispatch: {}}
jobs:
  deploy:
    if: github.event_name == 'workflow_dispatch'
    runs-on: ubuntu-latest
    steps: [{run: kubectl apply -f k8s}]
```
"""

import re

from flask_preflight.artifacts.ci import Job
from flask_preflight.rule import Message, Result, Results, rule

ANYWAY = Message("{0} also runs when the workflow that it follows has failed")
SERIOUS = frozenset(("deploy", "push_image", "publish_package", "migrate"))


@rule("CIC069", "runs-after-failed-workflow", "error", "ci-cd", sees="relation")
def check(job: Job) -> Results:
    pipeline = job.pipeline
    types = pipeline.spec.items_of("on", "workflow_run", "types")
    if "workflow_run" not in pipeline.triggers or types and "completed" not in types:
        return
    if "workflow_run.conclusion" in job.text:
        return
    for step in job.steps:
        conditions = job.conditions(step)
        asked = "conclusion" in conditions or re.search(r"event_name\s*==", conditions)
        if step.labels & SERIOUS and not asked:
            yield Result(step.location, ANYWAY(job.id))
            return
