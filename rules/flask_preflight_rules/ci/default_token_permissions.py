"""A workflow does not say what its token may do.

It then has what the repository's settings give, which for many repositories is the right to write
code, releases and packages: every step, and every dependency that a step installs, has it too.

Fix: add `permissions: {contents: read}` at the top and more to the one job that needs it.

Intended: when the settings of the organisation already make the token read-only.

Sources: GitHub, "Secure use reference: permissions for the GITHUB_TOKEN"; CWE-275.

```yaml bad .github/workflows/ci.yml {1}
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: pytest
```

```yaml bad .github/workflows/deploy.yml {1}
on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - run: kubectl apply -f k8s
```

```yaml good .github/workflows/ci.yml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: pytest
```

```yaml good .github/workflows/each.yml
on: push
jobs:
  test:
    permissions:
      contents: read
    runs-on: ubuntu-latest
    steps:
      - run: pytest
```

```yaml good .github/workflows/called.yml
on: workflow_call
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: pytest
```
"""

from flask_preflight.artifacts.ci import Pipeline
from flask_preflight.rule import Level, Message, Result, Results, rule

UNSAID = Message("the token of this workflow may do whatever the repository's settings allow")
SERIOUS = frozenset(("deploy", "push_image", "publish_package"))


@rule(
    "CIC017",
    "default-token-permissions",
    "note",
    "security",
    "CWE-275",
    "zizmor:excessive-permissions",
    "CKV2_GHA_1",
    sees="absent",
)
def check(pipeline: Pipeline) -> Results:
    jobs = list(pipeline.jobs.values())
    if pipeline.provider != "github" or pipeline.is_action or not jobs:
        return
    if pipeline.triggers == {"workflow_call"} or all(job.has_permissions for job in jobs):
        return
    serious = "privileged" in pipeline.events or any(job.labels & SERIOUS for job in jobs)
    level: Level | None = "warning" if serious else None
    yield Result(pipeline.first, UNSAID(), level=level)
