"""A job gets every secret of the repository at once.

The runner holds all of them in memory for the job, masked or not: one tampered step reads the keys
of production, whatever the job itself is for.

Fix: name the secrets that the job needs, one by one.

Sources: GitHub, "Secure use reference: secrets"; CWE-200.

```yaml bad .github/workflows/ci.yml {6,10,13}
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    env:
      ALL: ${{ toJSON(secrets) }}
    steps:
      - run: ./deploy "$KEY"
        env:
          KEY: ${{ secrets[format('KEY_{0}', matrix.name)] }}
      - uses: example/load@60a0d83039c74a4aee543508d2ffcb1c3799cdea
        with:
          secrets: ${{ ToJson( secrets ) }}
```

```yaml good .github/workflows/ci.yml
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    env:
      ONE: ${{ secrets['NAME'] }}
      TWO: ${{ toJSON(secrets.SETTINGS) }}
      THREE: ${{ toJSON(vars) }}
    steps:
      - run: echo 'no toJSON(secrets) here' && ls
```
"""

import re

from flask_preflight.artifacts.ci import Pipeline
from flask_preflight.rule import Message, Result, Results, rule

ALL = Message("{0} hands every secret of the repository to the job, not only those it needs")
WHOLE = re.compile(r"toJSON\(\s*secrets\s*\)|\bsecrets\[(?!\s*'[^']*'\s*\])", re.I)


@rule(
    "CIC020",
    "all-secrets-exposed",
    "error",
    "security",
    "CWE-200",
    "zizmor:overprovisioned-secrets",
    "poutine:job_all_secrets",
)
def check(pipeline: Pipeline) -> Results:
    for expression in pipeline.expressions:
        found = WHOLE.search(expression.text)
        if found:
            said = "secrets[…]" if found[0].endswith("[") else "toJSON(secrets)"
            yield Result(expression.location, ALL(said))
