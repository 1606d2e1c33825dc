"""The system that runs this pipeline refuses the file, so nothing is tested or deployed.

Nobody is told: a workflow that cannot be read does not start, and a merge that waits for no check
goes through.

Fix: correct the place; `actionlint` shows it before the push.

Sources: GitHub, "Workflow syntax for GitHub Actions".

```yaml bad .github/workflows/ci.yml {6,7,10,11}
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - name: nothing
      - run: pytest
        uses: actions/checkout@v4
      - run: ruff check
        run: mypy
  build:
    runs-on: ubuntu-latest
```

```yaml good .github/workflows/ci.yml
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with: {fetch-depth: 0}
      - run: pytest
  shared:
    uses: ./.github/workflows/shared.yml
```
"""

from collections.abc import Iterator

from flask_preflight.artifacts.ci import Job, Pipeline
from flask_preflight.artifacts.yaml import Map, Node, Seq
from flask_preflight.rule import Location, Message, Result, Results, rule

TWICE = Message("GitHub refuses the workflow: {0} stands here a second time", "twice")
NOTHING = Message("GitHub refuses the workflow: job {0} has neither steps nor uses", "job")
STEP = Message("GitHub refuses the workflow: a step has either run or uses", "step")


@rule("CIC001", "pipeline-unreadable", "error", "ci-cd")
def check(pipeline: Pipeline) -> Results:
    if pipeline.provider != "github" or pipeline.is_action:
        return
    for key, node in _repeated(pipeline.spec):
        yield Result(Location(pipeline.path, node.region), TWICE(key))
    for job in pipeline.jobs.values():
        if "steps" not in job.spec and "uses" not in job.spec:
            yield Result(pipeline.spec.at("jobs", job.id), NOTHING(job.id))
        yield from _steps(job)


def _steps(job: Job) -> Results:
    for step in job.spec.maps("steps"):
        if ("run" in step) == ("uses" in step):
            yield Result(step.at(*list(step)[:1]), STEP())


def _repeated(document: Map) -> Iterator[tuple[str, Node]]:
    waiting: list[object] = [document]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Map):
            yield from one.duplicates
            waiting += one.values()
        elif isinstance(one, Seq):
            waiting += one
