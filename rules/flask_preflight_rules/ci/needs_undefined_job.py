"""A job waits for a job that does not exist, or for itself.

The provider rejects the whole file: no job of it runs, and on GitHub the only trace is a failed run
without jobs.

Fix: name a job of the same file, or remove the line.

Sources: GitHub, "Workflow syntax: jobs.<job_id>.needs"; GitLab, "CI/CD YAML syntax: needs".

```yaml bad .github/workflows/ci.yml {5,9,14}
on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    needs: [test, tests]
    steps: [{run: ./deploy}]
  one:
    runs-on: ubuntu-latest
    needs: two
    steps: [{run: ls}]
  two:
    runs-on: ubuntu-latest
    steps: [{run: ls}]
    needs: [one]
  test:
    runs-on: ubuntu-latest
    steps: [{run: pytest}]
```

```yaml bad .gitlab-ci.yml {3}
deploy:
  script: ./deploy
  needs: [{job: tests}]
test:
  script: pytest
```

```yaml good .github/workflows/ci.yml
on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    needs: [test, lint]
    steps: [{run: ./deploy}]
  lint:
    uses: ./.github/workflows/lint.yml
  test:
    needs: lint
    runs-on: ubuntu-latest
    steps: [{run: pytest}]
```

```yaml good .gitlab-ci.yml
include: [{project: example/templates, file: tests.yml}]
deploy:
  script: ./deploy
  needs: [tests]
```

```yaml good .gitlab-ci.yml
deploy:
  script: ./deploy
  needs:
    - job: tests
      optional: true
    - project: example/other
      job: build
      ref: main
      artifacts: true
    - pipeline: $PARENT
      job: build
    - "test: [3.13]"
test:
  script: pytest
```
"""

from flask_preflight.artifacts.ci import Job
from flask_preflight.rule import Message, Result, Results, rule

UNKNOWN = Message("there is no job {0}, so none of the jobs of this file run")
CIRCLE = Message("{0} waits for itself, so none of the jobs of this file run", "circle")


@rule("CIC002", "needs-undefined-job", "error", "ci-cd", "actionlint:job-needs", sees="relation")
def check(job: Job) -> Results:
    pipeline = job.pipeline
    if pipeline.is_open:
        return
    for name in job.needs:
        if name not in pipeline.jobs and "$" not in name and ":" not in name:
            yield Result(job.at("needs"), UNKNOWN(name))
    if job in job.upstream:
        yield Result(job.at("needs"), CIRCLE(job.id))
