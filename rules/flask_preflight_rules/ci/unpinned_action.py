"""An action is named by a tag or a branch, which its owner can move.

Whoever takes over that repository runs code with this workflow's token and secrets, as happened to
`tj-actions/changed-files` in March 2025.

Fix: name the full commit, with the tag in a comment for people and Dependabot.

Sources: GitHub, "Secure use reference: third-party actions"; CVE-2025-30066; CWE-829.

```yaml bad .github/workflows/ci.yml {6,8}
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

from flask_preflight.artifacts.ci import Step
from flask_preflight.rule import Level, Message, Result, Results, rule

MOVES = Message("{0} is whatever {1} points to on the day, with the token of this job", "moves")
BARE = Message("{0} is whatever its default branch holds on the day", "bare")
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
def check(step: Step, *, trusted: tuple[str, ...] = ()) -> Results:
    action, at, reference = step.uses.partition("@")
    owner = action.partition("/")[0].lower()
    if not action or action.startswith(("./", "$/", "docker://")) or "${{" in step.uses:
        return
    if (
        owner in TRUSTED
        or owner in trusted
        or re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", reference)
    ):
        return
    if action.startswith("slsa-framework/slsa-github-generator"):
        return
    if not at:
        yield Result(step.at("uses"), BARE(action), level="error" if step.job.writes else None)
        return
    branch = not re.fullmatch(r"v?\d+([._-]\w+)*", reference)
    level: Level | None = "error" if branch and step.job.writes else None
    yield Result(step.at("uses"), MOVES(action, reference), level=level)
