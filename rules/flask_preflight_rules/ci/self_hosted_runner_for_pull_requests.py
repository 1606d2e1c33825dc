"""Pull requests run on a machine of one's own.

In a public repository, whoever opens a pull request runs code there: next to the tools and keys of
the machine, inside of the network, and beside the jobs that come after it.

Fix: run pull requests on hosted runners, or on runners that exist for one job only.

Intended: when the repository is private, or every job gets a new machine without access.

Sources: GitHub, "Secure use reference: hardening for self-hosted runners"; CWE-829.

```yaml bad .github/workflows/ci.yml {4,10,14}
on: [push, pull_request]
jobs:
  test:
    runs-on: [self-hosted, linux]
    steps:
      - run: pytest
  group:
    strategy:
      matrix: {runner: [ubuntu-latest, self-hosted]}
    runs-on: ${{ matrix.runner }}
    steps:
      - run: pytest
  pool:
    runs-on: {group: machines}
    steps:
      - run: pytest
```

```yaml bad .github/workflows/own.yml {4}
on: pull_request
jobs:
  test:
    runs-on: self-hosted
    if: github.event.pull_request.head.repo.full_name == github.repository
    steps:
      - run: pytest
```

```yaml good .github/workflows/ci.yml
on: [push, pull_request]
jobs:
  test:
    strategy:
      matrix: {runner: [ubuntu-latest, macos-15, buildjet-4vcpu-ubuntu-2204]}
    runs-on: ${{ matrix.runner }}
    steps:
      - run: pytest
  deploy:
    if: github.event_name == 'push'
    runs-on: self-hosted
    steps:
      - run: ./deploy
  after:
    needs: deploy
    runs-on: self-hosted
    steps:
      - run: ./deploy
```

```yaml good .github/workflows/deploy.yml
on: push
jobs:
  deploy:
    runs-on: self-hosted
    steps:
      - run: ./deploy
```
"""

import re

from flask_preflight.artifacts.ci import Job
from flask_preflight.rule import Level, Message, Result, Results, rule

STRANGERS = Message("if the repository is public, everybody can run code on the runner of {0}")
FROM_OUTSIDE = frozenset(("pull_request", "pull_request_target", "issue_comment"))
NOT_PULLED = re.compile(
    r"event_name\s*==\s*'(?:push|schedule|workflow_dispatch|release)'"
    r"|event_name\s*!=\s*'pull_request'|github\.ref(?:_name)?\s*==|startsWith\(\s*github\.ref"
)
SAME = re.compile(r"head\.repo\.full_name\s*==|\.fork\b|author_association")


@rule(
    "CIC025",
    "self-hosted-runner-for-pull-requests",
    "error",
    "security",
    "CWE-829",
    "zizmor:self-hosted-runner",
    "poutine:pr_runs_on_self_hosted",
)
def check(job: Job) -> Results:
    conditions = job.conditions()
    if not job.pipeline.triggers & FROM_OUTSIDE or NOT_PULLED.search(conditions):
        return
    grouped = bool(job.spec.text("runs-on", "group"))
    if grouped or "self-hosted" in job.runners:
        milder: Level | None = "warning" if grouped or SAME.search(conditions) else None
        yield Result(job.at("runs-on"), STRANGERS(job.id), level=milder)
