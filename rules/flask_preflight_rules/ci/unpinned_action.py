"""An action is named by a tag or a branch, which its owner can move.

Whoever takes over that repository runs code with this workflow's token and secrets, as happened to
`tj-actions/changed-files` in March 2025.

Fix: name the full commit, with the tag in a comment for people and Dependabot.

Sources: GitHub, "Secure use reference: third-party actions"; CVE-2025-30066; CWE-829.

```yaml bad .github/workflows/ci.yml {6}
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: some-owner/setup@v4
      - run: pytest
      - uses: some-owner/report
```

```yaml bad .github/workflows/deploy.yml {8}
on: push
permissions:
  contents: write
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: some-owner/deploy@main
```

```yaml good .github/workflows/ci.yml
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: github/codeql-action/init@v3
      - uses: some-owner/setup@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
      - uses: ./.github/actions/setup
      - uses: docker://alpine:3.22
      - uses: some-owner/setup@${{ matrix.version }}
```

```yaml good .github/actions/setup/action.yml
runs:
  using: composite
  steps:
    - run: echo ready
      shell: bash
```
"""

import re

from flask_preflight.artifacts.ci import Pipeline, Step
from flask_preflight.rule import Message, Result, Results, rule, several

MOVES = Message("{0}: moved by their owners, they run with the token of this workflow")
TRUSTED = frozenset(("actions", "github"))


@rule(
    "CIC014",
    "unpinned-action",
    "warning",
    "security",
    "CWE-829",
    "CWE-1357",
    "zizmor:unpinned-uses",
)
def check(pipeline: Pipeline, *, trusted: tuple[str, ...] = ()) -> Results:
    found = [step for step in pipeline.steps if _moves(step, trusted)]
    if not found:
        return
    serious = [step for step in found if step.job.writes and _is_branch(step)]
    first = (serious or found)[0]
    names = (step.uses for step in (first, *found))
    related = tuple(step.at("uses").saying(step.uses) for step in found if step is not first)
    yield Result(
        first.at("uses"), MOVES(several(names, 1)), related, level="error" if serious else None
    )


def _moves(step: Step, trusted: tuple[str, ...]) -> bool:
    action, _, reference = step.uses.partition("@")
    owner = action.partition("/")[0].lower()
    if not action or action.startswith(("./", "$/", "docker://")) or "${{" in step.uses:
        return False
    if action.startswith("slsa-framework/slsa-github-generator"):
        return False
    pinned = re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", reference)
    return owner not in TRUSTED and owner not in trusted and not pinned


def _is_branch(step: Step) -> bool:
    """Whether it is no version, so that every push to it runs at once."""
    return not re.fullmatch(r"v?\d+([._-]\w+)*", step.uses.partition("@")[2])
