"""The pipeline passes when its tests, migrations, deployments or checks fail.

A green run then says nothing, and what follows it goes on with the broken change.

Fix: let the command fail; what is allowed to fail goes into a job of its own, next to one that is
not.

Intended: while a check is introduced; say so where it is switched off.

Sources: GitHub, "Workflow syntax: jobs.<job_id>.steps[*].shell"; GitLab, "allow_failure".

```yaml bad .github/workflows/ci.yml {6,8,10,11,12,13}
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: pytest || true
      - run: pip-audit
        continue-on-error: true
      - run: |
          flask db upgrade || echo "no migrations"
          trivy image example/web --exit-code 1 || :
      - run: kubectl apply -f k8s | tee log
      - run: ruff check --exit-zero .
```

```yaml bad .github/workflows/lint.yml {6}
on: push
jobs:
  lint:
    runs-on: ubuntu-latest
    steps:
      - run: mypy . || exit 0
```

```yaml bad .gitlab-ci.yml {3}
test:
  script: pytest
  allow_failure: true
```

```yaml good .github/workflows/ci.yml
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    strategy:
      matrix: {python: ["3.13", "3.15"]}
    continue-on-error: ${{ matrix.experimental }}
    steps:
      - run: docker stop db || true
      - run: |
          pytest || { echo failed; exit 1; }
          pytest -m slow || (docker compose logs && exit 1)
          coverage report || true
      - run: pip-audit || echo "findings" && exit 1
      - run: flask db upgrade | tee log
        shell: bash
      - run: |
          set -o pipefail
          trivy image example/web | tee log
  more:
    runs-on: ubuntu-latest
    continue-on-error: true
    steps:
      - run: pytest tests/flaky
  lint:
    runs-on: ubuntu-latest
    steps:
      - run: echo "pytest || true"
      - run: ruff format --check . || EXIT=$?
```
"""

from collections.abc import Iterator

from flask_preflight.artifacts import ci_labels
from flask_preflight.artifacts.ci import Job, Pipeline, Pipelines, Step
from flask_preflight.artifacts.ci_labels import Label
from flask_preflight.artifacts.shell import Command
from flask_preflight.artifacts.yaml import Map
from flask_preflight.rule import Level, Location, Message, Result, Results, rule

PASSES = Message("the pipeline goes on when {0} fails ({1})")
JUDGED: dict[Label, tuple[str, Level]] = {
    "test": ("a test", "error"),
    "migrate": ("the migration", "error"),
    "deploy": ("the deployment", "error"),
    "audit": ("the check of dependencies", "warning"),
    "scan_image": ("the scan of the image", "warning"),
    "lint": ("the linter", "warning"),
}


@rule("CIC043", "failure-ignored", "error", "ci-cd")
def check(pipelines: Pipelines) -> Results:
    blocking = {label for one in pipelines.all for label in _blocking(one)}
    for pipeline in pipelines.all:
        said: set[Label] = set()
        for step in pipeline.steps:
            for label, where, why in _ignored(step):
                if label in JUDGED and label not in blocking and label not in said:
                    said.add(label)
                    name, level = JUDGED[label]
                    yield Result(where, PASSES(name, why), level=level)


def _blocking(pipeline: Pipeline) -> Iterator[Label]:
    """What it does so that a failure ends it."""
    for step in pipeline.steps:
        if _allowed(step):
            continue
        ignored = {(label, where) for label, where, _ in _ignored(step)}
        if step.uses:
            yield from ci_labels.of_action(step.uses)
        for command in step.judged:
            for label in ci_labels.of_command(command.text):
                if (label, command.location) not in ignored:
                    yield label


def _ignored(step: Step) -> Iterator[tuple[Label, Location, str]]:
    """What a step does whose failure stops nothing, where that is said, and how."""
    allowed = _allowed(step)
    if allowed:
        for label in step.labels:
            yield label, allowed[0], allowed[1]
        return
    for commands in (step.judged, step.commands):
        for index, command in enumerate(commands):
            why = _swallowed(commands, index, step)
            for label in ci_labels.of_command(command.text) if why else ():
                yield label, command.location, why


def _allowed(step: Step) -> tuple[Location, str] | None:
    for spec in (step.spec, step.job.spec):
        for key in ("continue-on-error", "allow_failure"):
            if spec.dig(key) is True:
                return spec.at(key), f"{key}: true"
    return None


def _swallowed(commands: list[Command], index: int, step: Step) -> str:
    """How the failure of a command is passed over; empty: it is not."""
    command = commands[index]
    if command.has("--exit-zero", "--soft-fail"):
        return "--exit-zero" if command.has("--exit-zero") else "--soft-fail"
    following = commands[index + 1 :]
    if following and following[0].operator == "|":
        return f"| {following[0].program}" if _without_pipefail(step) else ""
    if not following or following[0].operator != "||":
        return ""
    handler = following[0]
    after = following[1] if following[1:] else None
    if after is not None and after.operator == "&&" and after.program in ("exit", "false"):
        return ""
    harmless = handler.program in ("true", ":", "echo", "printf") or handler.text == "exit 0"
    return f"|| {handler.program}" if harmless else ""


def _without_pipefail(step: Step) -> bool:
    """Whether only the last command of a pipe counts: GitHub's `bash` as long as it is not named.

    GitLab switches `pipefail` on wherever the shell knows it.
    """
    pipeline = step.job.pipeline
    if pipeline.provider != "github" or "pipefail" in step.script or "PIPESTATUS" in step.script:
        return False
    shells = [spec.text("shell") for spec in (step.spec, *_defaults(step.job))]
    given = next(filter(None, shells), "")
    return given in ("", "sh") and "windows" not in str(step.job.spec.dig("runs-on"))


def _defaults(job: Job) -> tuple[Map, Map]:
    return job.spec.map("defaults", "run"), job.pipeline.spec.map("defaults", "run")
