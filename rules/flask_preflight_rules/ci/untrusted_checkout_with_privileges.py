"""A workflow with the repository's secrets checks out the code of a pull request.

`pull_request_target`, `issue_comment` and `workflow_run` run with the token and the secrets of the
repository, whoever caused them. A test, a build or an install of that code runs what the stranger
wrote, next to the secrets.

Fix: run the code in a `pull_request` workflow, which has neither, and hand over its results.

Sources: GitHub, "Secure use reference"; GitHub Security Lab, "Preventing pwn requests"; CWE-829.

```yaml bad .github/workflows/target.yml {7}
on: pull_request_target
permissions: {contents: write}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
        with:
          ref: ${{ github.event.pull_request.head.sha }}
      - run: pip install -r requirements.txt && pytest
```

```yaml bad .github/workflows/comment.yml {7}
on: issue_comment
jobs:
  label:
    runs-on: ubuntu-latest
    if: contains(github.event.comment.body, '/size')
    steps:
      - run: gh pr checkout "$NUMBER"
      - run: git diff --stat
```

```yaml bad .github/workflows/labelled.yml {8}
on: {pull_request_target: {types: [labeled]}}
permissions: {contents: write}
jobs:
  test:
    if: contains(github.event.pull_request.labels.*.name, 'safe to test')
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
        with: {ref: "refs/pull/${{ github.event.number }}/merge"}
      - run: make test
```

```yaml bad .github/workflows/ci.yml
name: CI
on: pull_request
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: pytest
```

```yaml bad .github/workflows/after.yml {8}
on:
  workflow_run: {workflows: [CI], types: [completed]}
permissions: {contents: write}
jobs:
  report:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
        with:
          ref: ${{ github.event.workflow_run.head_sha }}
      - uses: ./.github/actions/report
```

```yaml good .github/workflows/target.yml
on: pull_request_target
jobs:
  label:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - run: make labels
      - uses: actions/checkout@v5
        with:
          ref: ${{ github.event.pull_request.base.sha }}
  own:
    if: github.event.pull_request.head.repo.full_name == github.repository
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
        with: {ref: "${{ github.head_ref }}"}
      - run: make test
  after-own:
    needs: own
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
        with: {ref: "${{ github.head_ref }}"}
      - run: make test
  data:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
        with: {ref: "${{ github.head_ref }}", path: proposed}
      - run: echo done
```

```yaml good .github/workflows/ci.yml
name: CI
on: [pull_request, push]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
        with: {ref: "${{ github.head_ref }}"}
      - run: pytest
```

```yaml good .github/workflows/nightly.yml
name: Nightly
on: {schedule: [{cron: "0 1 * * *"}]}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: pytest
```

```yaml good .github/workflows/after.yml
on: {workflow_run: {workflows: [Nightly]}}
jobs:
  report:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
        with: {ref: "${{ github.event.workflow_run.head_sha }}"}
      - run: make report
```

```yaml good .github/workflows/deploy.yml
on: {workflow_run: {workflows: [CI]}}
jobs:
  deploy:
    if: github.event.workflow_run.event == 'push'
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
        with: {ref: "${{ github.event.workflow_run.head_sha }}"}
      - run: make deploy
```
"""

import re

from flask_preflight.artifacts.ci import Pipeline, Pipelines, Step
from flask_preflight.rule import Level, Message, Result, Results, rule

RUNS = Message("code of a stranger's pull request runs with the secrets of {0}")
LIES = Message(
    "code of a stranger's pull request is checked out next to the secrets of {0}", "checked-out"
)
PULLED = re.compile(
    r"head\.(?:sha|ref)\b|head_(?:ref|sha|branch)\b|merge_commit_sha|refs/pull|pull_requests\b"
)
GUARDED = re.compile(
    r"head\.repo\.full_name\s*==|head_repository\.full_name\s*==|\.fork\s*(?:==\s*false|!=\s*true)"
    r"|!\s*github\.event\.pull_request\.head\.repo\.fork|workflow_run\.event\s*==\s*'push'"
    r"|author_association|event_name\s*==\s*'(?:push|schedule|workflow_dispatch)'"
)
BUILDERS = re.compile(
    r"(?:make|tox|nox|pre-commit|python[\d.]*|pip3?|npm|yarn|pnpm|poetry|uv|pipenv|docker|bash|sh"
    r"|pytest|just|go|cargo|mvn|gradle)(?:\s|\Z)|\.{0,2}/"
)
BEFORE_CHECKOUT = ("pull_request_target", "issue_comment", "workflow_run")


@rule(
    "CIC012",
    "untrusted-checkout-with-privileges",
    "error",
    "security",
    "CWE-829",
    "poutine:untrusted_checkout_exec",
    "~zizmor:dangerous-triggers",
    sees="relation",
)
def check(pipelines: Pipelines) -> Results:
    for pipeline in pipelines.workflows:
        event = _event(pipeline, pipelines) if pipeline.provider == "github" else ""
        for step in pipeline.steps if event else ():
            place = _checkout(step)
            if place is None or GUARDED.search(step.job.conditions(step)):
                continue
            runs = any(_executes(later, place) for later in step.later)
            touches = not place or any(place in later.script for later in step.later)
            if runs or touches:
                yield Result(
                    step.location, (RUNS if runs else LIES)(event), level=_level(step, runs)
                )


def _event(pipeline: Pipeline, pipelines: Pipelines) -> str:
    """The event by which a stranger starts it with the rights of the repository."""
    for event in BEFORE_CHECKOUT[:2]:
        if event in pipeline.triggers:
            return event
    names = pipeline.spec.items_of("on", "workflow_run", "workflows")
    for parent in pipelines.workflows:
        strangers = {"pull_request", "pull_request_target", "issue_comment", "issues"}
        if parent.name in names and parent.triggers & strangers:
            return "workflow_run"
    return ""


def _checkout(step: Step) -> str | None:
    """The folder into which a step brings a pull request; empty: where commands run."""
    if step.action == "actions/checkout":
        given = step.spec.text("with", "ref") + step.spec.text("with", "repository")
        return step.spec.text("with", "path").strip("./") if PULLED.search(given) else None
    for command in step.commands:
        if re.match(r"gh pr checkout|git (?:fetch|pull) .*\bpull/", command.text):
            return ""
    return None


def _executes(step: Step, place: str) -> bool:
    if place and place not in step.script + step.spec.text("working-directory"):
        return False
    if step.uses.startswith("./"):
        return True
    return any(BUILDERS.match(command.text) for command in step.commands)


def _level(step: Step, runs: bool) -> Level:
    labelled = re.search(r"labels?\b", step.job.conditions(step))
    return "error" if runs and not labelled and _may_do_harm(step) else "warning"


def _may_do_harm(step: Step) -> bool:
    return step.job.writes or not step.job.has_permissions
