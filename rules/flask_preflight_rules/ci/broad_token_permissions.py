"""The token of a workflow may write where its jobs only read.

Every step, and every package that a step installs, has the token: a tampered test dependency can
then push to the repository or publish a release.

Fix: give `contents: read` at the top, and the right to write to the one job that writes.

Sources: GitHub, "Secure use reference: permissions for the GITHUB_TOKEN"; CWE-250.

```yaml bad .github/workflows/all.yml {2}
on: push
permissions: write-all
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: pytest
```

```yaml bad .github/workflows/job.yml {4}
on: push
jobs:
  test:
    permissions: write-all
    runs-on: ubuntu-latest
    steps:
      - run: pytest
```

```yaml bad .github/workflows/both.yml {4}
on: push
permissions:
  contents: read
  packages: write
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - run: pytest
  push:
    needs: test
    runs-on: ubuntu-latest
    steps:
      - run: docker push ghcr.io/example/web
```

```yaml good .github/workflows/own.yml
on: push
permissions: read-all
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: pytest
  push:
    permissions:
      packages: write
    runs-on: ubuntu-latest
    steps:
      - run: docker push ghcr.io/example/web
```

```yaml good .github/workflows/one.yml
on: push
permissions:
  packages: write
jobs:
  push:
    runs-on: ubuntu-latest
    steps:
      - run: docker push ghcr.io/example/web
```

```yaml good .github/workflows/unknown.yml
on: push
permissions: {contents: write, pull-requests: write, statuses: write}
jobs:
  label:
    runs-on: ubuntu-latest
    steps:
      - uses: example/label@60a0d83039c74a4aee543508d2ffcb1c3799cdea
  release:
    runs-on: ubuntu-latest
    steps:
      - run: gh release create v1
  test:
    permissions: {}
    runs-on: ubuntu-latest
    steps:
      - run: pytest
  called:
    uses: example/workflows/.github/workflows/test.yml@60a0d83039c74a4aee543508d2ffcb1c3799cdea
```
"""

from flask_preflight.artifacts.ci import Pipeline
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.ci._rights import only_reads

ALL = Message("every step of {0} may write code, releases, packages and settings", "all")
MORE = Message("the job {0} only reads, and its token may write: {1}")
SERIOUS = frozenset(
    "contents actions packages id-token deployments pull-requests issues security-events "
    "attestations pages".split()
)


@rule(
    "CIC018",
    "broad-token-permissions",
    "error",
    "security",
    "CWE-250",
    "zizmor:excessive-permissions",
    "CKV2_GHA_1",
)
def check(pipeline: Pipeline) -> Results:
    if pipeline.provider != "github" or pipeline.is_action:
        return
    specs = [(pipeline.spec, "the workflow")]
    specs += [(job.spec, job.id) for job in pipeline.jobs.values()]
    for spec, name in specs:
        if spec.dig("permissions") == "write-all":
            yield Result(spec.at("permissions"), ALL(name))
    given = [key for key, value in pipeline.spec.map("permissions").items() if value == "write"]
    serious = [key for key in given if key in SERIOUS]
    heirs = [job for job in pipeline.jobs.values() if "permissions" not in job.spec]
    idle = [job for job in heirs if only_reads(job)]
    if serious and idle and len(pipeline.jobs) > 1:
        where = pipeline.at("permissions", serious[0])
        related = tuple(job.at().saying(job.id) for job in idle)
        yield Result(where, MORE(idle[0].id, ", ".join(serious)), related, level="warning")
