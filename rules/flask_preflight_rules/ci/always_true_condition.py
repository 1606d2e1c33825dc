"""A condition is true whatever its expression says.

Text around `${{ }}` makes the whole of it a text that is not empty, and that counts as true: the
step or job that should run on the main branch only runs on every branch and pull request.

Fix: write the condition without `${{ }}`, or put the whole of it between one pair.

Sources: GitHub, "Evaluate expressions in workflows and actions"; CWE-571.

```yaml bad .github/workflows/ci.yml {4,7,10,13,17}
on: push
jobs:
  deploy:
    if: ${{ github.ref == 'refs/heads/main' }} && github.event_name == 'push'
    runs-on: ubuntu-latest
    steps:
      - if: "${{ github.ref == 'refs/heads/main' }} && ${{ github.actor == 'me' }}"
        run: ./deploy
      - name: Kept line
        if: |
          ${{ github.ref == 'refs/heads/main' }}
        run: ./deploy
      - if: "!${{ github.ref == 'refs/heads/main' }}"
        run: ./deploy
  constant:
    runs-on: ubuntu-latest
    if: ${{ 'github.ref' }}
    steps:
      - run: ./deploy
```

```yaml good .github/workflows/ci.yml
on: push
jobs:
  deploy:
    if: ${{ github.ref == 'refs/heads/main' && !contains(github.event.head_commit.message, '}}') }}
    runs-on: ubuntu-latest
    steps:
      - if: github.ref == 'refs/heads/main' && format('{0}', 'x') == 'x'
        run: ./deploy
      - if: always()
        run: ./deploy
      - if: |
          github.ref == 'refs/heads/main'
          && github.event_name == 'push'
        run: ./deploy
      - if: |-
          ${{ github.ref == 'refs/heads/main' }}
        run: ./deploy
      - if: true
        run: ./deploy
      - if: ${{ true }}
        run: ./deploy
      - if: false
        run: ./deploy
```
"""

import re
from collections.abc import Iterator

from flask_preflight.artifacts.ci import Pipeline
from flask_preflight.artifacts.yaml import Map
from flask_preflight.rule import Message, Result, Results, rule

AROUND = Message("text around it makes this condition true, whatever the expression says", "text")
LINE = Message("the line end that this block keeps makes the condition true", "line")
CONSTANT = Message("a text that is not empty is true, so this condition decides nothing")
FENCE = re.compile(r"\$\{\{(?:[^'}$]|'[^']*'|\}(?!\})|\$(?!\{\{))*\}\}")


@rule(
    "CIC006",
    "always-true-condition",
    "error",
    "ci-cd",
    "CWE-571",
    "zizmor:unsound-condition",
    "poutine:if_always_true",
    "actionlint:if-cond",
)
def check(pipeline: Pipeline) -> Results:
    for spec in _conditional(pipeline):
        text = spec.dig("if")
        message = _fault(text) if isinstance(text, str) else None
        if message is not None:
            yield Result(spec.value_at("if"), message())


def _conditional(pipeline: Pipeline) -> Iterator[Map]:
    if pipeline.provider == "github":
        for job in pipeline.jobs.values():
            yield job.spec
            yield from (step.spec for step in job.steps)


def _fault(text: str) -> Message | None:
    fences = FENCE.findall(text)
    if not fences:
        return None
    around = FENCE.sub("", text)
    if around.strip() or len(fences) > 1:
        return AROUND
    if around.endswith("\n"):
        return LINE
    inner = fences[0][3:-2].strip()
    return CONSTANT if re.fullmatch(r"'(?:[^']|'')+'|!\s*''", inner) else None
