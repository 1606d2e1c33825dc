"""Two deployments can run at the same time.

Two merges in a row start two runs. If the older one ends last, production runs the older code, and
migrations of both run at once.

Fix: give the job a `concurrency` group (GitHub) or a `resource_group` (GitLab).

Sources: GitHub, "Control the concurrency of workflows and jobs"; GitLab, "Resource group".

```yaml bad .github/workflows/deploy.yml {7}
on: {push: {branches: [main]}}
jobs:
  deploy:
    environment: production
    runs-on: ubuntu-latest
    steps:
      - run: kubectl apply -f k8s
```

```yaml bad .github/workflows/other.yml {6}
on: {push: {branches: [main]}}
concurrency: deploy-${{ github.sha }}
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps: [{run: helm upgrade web ./chart}]
```

```yaml bad .gitlab-ci.yml {3}
deploy:
  environment: production
  script: kubectl apply -f k8s
```

```yaml bad .github/workflows/manual.yml {5}
on: workflow_dispatch
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps: [{run: helm upgrade web ./chart}]
```

```yaml good .github/workflows/deploy.yml
on: {push: {branches: [main]}}
jobs:
  deploy:
    concurrency: {group: deploy-production, cancel-in-progress: false}
    runs-on: ubuntu-latest
    steps: [{run: kubectl apply -f k8s}]
  review:
    environment: review/${{ github.head_ref }}
    runs-on: ubuntu-latest
    steps: [{run: helm upgrade web ./chart}]
  try:
    runs-on: ubuntu-latest
    steps:
      - run: kind create cluster
      - run: kubectl apply -f k8s
  docs:
    runs-on: ubuntu-latest
    steps: [{run: aws s3 sync site s3://docs}, {run: ssh web@web.example.org ./deploy}]
```

```yaml good .github/workflows/caller.yml
on: {push: {branches: [main]}}
concurrency: deploy
jobs:
  call:
    uses: ./.github/workflows/called.yml
```

```yaml good .github/workflows/called.yml
on: workflow_call
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps: [{run: helm upgrade web ./chart}]
```

```yaml good .gitlab-ci.yml
deploy:
  environment: production
  resource_group: production
  script: kubectl apply -f k8s
```
"""

import re

from flask_preflight.artifacts.ci import Job, Pipelines
from flask_preflight.rule import Level, Message, Result, Results, rule
from flask_preflight_rules.ci._deployments import deployments, is_manual, is_released

BOTH = Message("two runs of {0} can deploy at once, and the older one can end last")
EACH = re.compile(r"github\.(?:sha|run_id|run_number|run_attempt)\b|github\.event\.head_commit\.id")


@rule(
    "CIC041",
    "parallel-deployments",
    "warning",
    "ci-cd",
    "~zizmor:concurrency-limits",
    sees="absent",
)
def check(pipelines: Pipelines) -> Results:
    for one in deployments(pipelines):
        if not _waits(one.job) and (one.starts or one.job.pipeline.provider == "gitlab"):
            rare = is_manual(one.job) or is_released(one.job)
            level: Level | None = "note" if rare else None
            yield Result(one.location, BOTH(one.job.id), level=level)


def _waits(job: Job, depth: int = 0) -> bool:
    """Whether a second run waits for the first."""
    pipeline = job.pipeline
    if pipeline.provider == "gitlab":
        return "resource_group" in job.spec
    for spec in (job.spec, pipeline.spec):
        group = spec.text("concurrency", "group") or spec.text("concurrency")
        if group and not EACH.search(group):
            return True
    callers = pipeline.callers if depth < 4 else []
    return bool(callers) and all(_waits(caller, depth + 1) for caller in callers)
