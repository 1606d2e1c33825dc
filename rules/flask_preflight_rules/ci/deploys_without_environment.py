"""A job deploys to production without an environment.

An environment holds the secrets of production back from all other jobs, asks for a reviewer, and
keeps a record of what was deployed when. Without one, every job of every branch can read them.

Fix: `environment: production`, with its secrets and its rules in the settings of the repository.

Sources: GitHub, "Managing environments for deployment".

```yaml bad .github/workflows/ci.yml {7}
on: {push: {branches: [main]}}
jobs:
  deploy-production:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: kubectl apply -f k8s
```

```yaml good .github/workflows/ci.yml
on: {push: {branches: [main]}}
jobs:
  deploy-production:
    runs-on: ubuntu-latest
    environment: production
    steps:
      - uses: actions/checkout@v4
      - run: kubectl apply -f k8s
```
"""

from flask_preflight.artifacts.ci import Pipelines
from flask_preflight.rule import Level, Message, Result, Results, rule
from flask_preflight_rules.ci._deployments import deployments, is_manual

OPEN = Message("{0} deploys to production without an environment: every job can read its secrets")


@rule("CIC065", "deploys-without-environment", "warning", "ci-cd", sees="absent")
def check(pipelines: Pipelines) -> Results:
    for one in deployments(pipelines):
        job = one.job
        called = any("environment" in caller.spec for caller in job.pipeline.callers)
        if not one.production or "environment" in job.spec or called:
            continue
        if job.pipeline.provider in ("github", "gitlab") and _has_secrets(job.text):
            level: Level | None = "note" if is_manual(job) else None
            yield Result(one.location, OPEN(job.id), level=level)


def _has_secrets(text: str) -> bool:
    """Whether there is anything to protect, as far as the job shows."""
    return "secrets." in text or "$" in text or "kubectl" in text or "ssh" in text
