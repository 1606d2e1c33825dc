"""A job uploads its checkout together with the token that the checkout left in it.

`actions/checkout` writes the token of the workflow into `.git/config`. Who downloads the upload has
the rights of the workflow until the job ends, and those of a personal token for as long as it
lives.

Fix: add `persist-credentials: false` to the checkout, or upload the built folder only.

Sources: https://github.com/actions/checkout#usage; Unit 42, "ArtiPACKED"; CWE-522.

```yaml bad .github/workflows/ci.yml {6,16}
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: make
      - uses: actions/upload-artifact@v4
        with:
          name: all
          path: .
          include-hidden-files: true
  mirror:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
        with: {fetch-depth: 0}
      - run: aws s3 sync . s3://backups/web
```

```yaml good .github/workflows/ci.yml
on: push
jobs:
  without:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with: {persist-credentials: "false"}
      - uses: actions/upload-artifact@v4
        with: {path: ., include-hidden-files: true}
  visible:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/upload-artifact@v4
        with: {path: .}
      - uses: actions/upload-artifact@v4
        with: {path: dist, include-hidden-files: true}
      - run: aws s3 sync . s3://backups/web --exclude ".git/*"
      - run: aws s3 sync ./dist s3://backups/web
  elsewhere:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
      - uses: actions/upload-artifact@v4
        with: {path: ., include-hidden-files: true}
  before:
    runs-on: ubuntu-latest
    steps:
      - run: aws s3 sync . s3://backups/web
      - uses: actions/checkout@v4
```
"""

import re

from flask_preflight.artifacts.ci import Step
from flask_preflight.rule import Message, Result, Results, rule

LEAKS = Message("the token that this checkout leaves in .git/config is uploaded by a later step")
WHOLE = re.compile(
    r"(?:\.|\./|\./?\*\*?(?:/\*)?|\*\*?(?:/\*)?|\$\{\{\s*github\.workspace\s*\}\}/?)\Z"
)
OWN = re.compile(r"(?:.*/)?\.git(?:/|\Z)")
COPIES = re.compile(
    r"aws s3 (?:sync|cp|mv) |gsutil (?:-\S+ )*(?:rsync|cp) |gcloud storage (?:rsync|cp) "
)


@rule(
    "CIC024",
    "checkout-credentials-leak",
    "warning",
    "security",
    "CWE-522",
    "zizmor:artipacked",
    sees="relation",
)
def check(step: Step) -> Results:
    if step.action != "actions/checkout" or not re.search(r"@v[1-5](?:\.|\Z)", step.uses):
        return
    given = step.spec.map("with")
    if str(given.dig("persist-credentials")).lower() == "false" or given.text("path"):
        return
    for later in step.later:
        if _uploads(later):
            yield Result(step.location, LEAKS(), (later.location.saying("uploaded here"),))
            return


def _uploads(step: Step) -> bool:
    """Whether it hands the folder of the checkout to others, with what is hidden in it."""
    if step.action == "actions/upload-artifact":
        given = step.spec.map("with")
        hidden = str(given.dig("include-hidden-files")).lower() == "true"
        paths = given.text("path").split("\n")
        return any(hidden and WHOLE.match(p.strip()) or OWN.match(p.strip()) for p in paths)
    for command in step.commands:
        whole = {".", "./", "$GITHUB_WORKSPACE"}.intersection(command.words)
        if COPIES.match(command.text) and whole and ".git" not in command.text:
            return True
    return False
