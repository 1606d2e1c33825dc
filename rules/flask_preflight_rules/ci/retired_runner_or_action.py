"""A job asks for a runner or an action that its provider has switched off.

Without a runner the job waits and is cancelled; the actions fail at once. Nothing is tested, and
nothing is deployed.

Fix: move to a runner that exists (`ubuntu-24.04`) or to the current version of the action.

Sources: GitHub changelog, "Notice of upcoming deprecations and breaking changes"; GitHub,
actions/runner-images, announcements; as of November 2026.

```yaml bad .github/workflows/ci.yml {4,6,7,10}
on: push
jobs:
  test:
    runs-on: ubuntu-20.04
    steps:
      - uses: actions/cache@v2
      - uses: actions/upload-artifact@v3.1.2
  matrix:
    strategy:
      matrix: {os: [macos-12, ubuntu-latest]}
    runs-on: ${{ matrix.os }}
    steps:
      - run: pytest
```

```yaml good .github/workflows/ci.yml
on: push
jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/cache@v4
      - uses: actions/upload-artifact@v4
      - uses: actions/upload-artifact@a8a3f3ad30e3422c9c7b888a15615d19a852ae32 # v3
      - uses: example/upload-artifact@v3
  given:
    runs-on: ${{ inputs.runner }}
    steps:
      - run: echo ubuntu-18.04
  own:
    runs-on: [self-hosted, ubuntu-20.04]
    steps:
      - run: pytest
```
"""

from flask_preflight.artifacts.ci import Job
from flask_preflight.rule import Message, Result, Results, rule

NO_RUNNER = Message("{0} has had no runners since {1}: the job never starts", "runner")
NO_ACTION = Message("{0} was switched off on {1}: the step fails")
RUNNERS = {
    "ubuntu-16.04": "2021-09-20",
    "ubuntu-18.04": "2023-04-03",
    "ubuntu-20.04": "2025-04-15",
    "macos-10.15": "2022-12-01",
    "macos-11": "2024-06-28",
    "macos-12": "2024-12-03",
    "macos-13": "2025-12-04",
    "windows-2016": "2022-04-01",
    "windows-2019": "2025-06-30",
}
ACTIONS = {
    ("actions/upload-artifact", ("v1", "v2", "v3")): "2025-01-30",
    ("actions/download-artifact", ("v1", "v2", "v3")): "2025-01-30",
    ("actions/cache", ("v1", "v2")): "2025-03-01",
    ("actions/cache/restore", ("v1", "v2")): "2025-03-01",
    ("actions/cache/save", ("v1", "v2")): "2025-03-01",
}


@rule("CIC044", "retired-runner-or-action", "error", "ci-cd", "~actionlint:runner-label")
def check(job: Job) -> Results:
    if job.pipeline.provider != "github":
        return
    runners = job.runners
    for label, where in runners.items() if "self-hosted" not in runners else ():
        if label.lower() in RUNNERS:
            yield Result(where, NO_RUNNER(label, RUNNERS[label.lower()]))
    for step in job.steps:
        major = step.uses.partition("@")[2].partition(".")[0]
        for (name, versions), since in ACTIONS.items():
            if step.action == name and major in versions:
                yield Result(step.location, NO_ACTION(step.uses, since))
