"""Text that a stranger chooses becomes part of a script.

GitHub puts the text into the script before the shell reads it: a pull request whose title is
`"; curl …` runs that command with the token and the secrets of the workflow.

Fix: hand the text over in a variable (`env: TITLE: ${{ … }}` on the step) and write `"$TITLE"`.

Sources: GitHub, "Secure use reference: script injections"; CWE-94; CWE-78.

```yaml bad .github/workflows/ci.yml {6,8,11}
on: [pull_request]
jobs:
  greet:
    runs-on: ubuntu-latest
    steps:
      - run: echo "${{ github.event.pull_request.title }}"
      - run: |
          git checkout ${{ github.head_ref }}
      - uses: actions/github-script@60a0d83039c74a4aee543508d2ffcb1c3799cdea
        with:
          script: console.log("${{ format('{0}', github.event.pull_request.body) }}")
```

```yaml bad .github/workflows/push.yml {6}
on: push
jobs:
  log:
    runs-on: ubuntu-latest
    steps:
      - run: echo "${{ github.event.head_commit.message }}"
```

```yaml good .github/workflows/ci.yml
on: [pull_request]
jobs:
  greet:
    if: contains(github.event.pull_request.title, 'x')
    runs-on: ubuntu-latest
    steps:
      - run: echo "$TITLE ${{ github.event.number }} ${{ github.event.issue.title }}"
        env:
          TITLE: ${{ github.event.pull_request.title }}
      - run: echo ${{ contains(github.event.pull_request.body, 'skip') }} ${{ github.sha }}
      - uses: some/action@60a0d83039c74a4aee543508d2ffcb1c3799cdea
        with:
          title: ${{ github.event.pull_request.title }}
```
"""

import re

from flask_preflight.artifacts.ci import Step
from flask_preflight.rule import Level, Message, Result, Results, rule

CHOSEN = Message("whoever triggers {0} chooses {1}, which becomes part of the script")
EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
PASSES_NOTHING = re.compile(r"\b(?:contains|startsWith|endsWith|hashFiles)\s*\([^()]*\)|[=!<>]=")
OUTSIDERS = (
    (("pull_request", "pull_request_target"), r"github\.head_ref"),
    (
        ("pull_request", "pull_request_target", "pull_request_review"),
        r"github\.event\.pull_request\.(?:title|body|head\.(?:ref|label|repo\.(?:default_branch"
        r"|description|homepage|name|full_name)))",
    ),
    (("issues", "issue_comment"), r"github\.event\.issue\.(?:title|body)"),
    (
        ("issue_comment", "commit_comment", "pull_request_review_comment"),
        r"github\.event\.comment\.body",
    ),
    (("pull_request_review",), r"github\.event\.review\.body"),
    (("discussion", "discussion_comment"), r"github\.event\.discussion\.(?:title|body)"),
    (
        ("workflow_run",),
        r"github\.event\.workflow_run\.(?:head_branch|display_title|head_commit\.(?:message"
        r"|author\.\w+)|head_repository\.(?:description|full_name|name))",
    ),
    (
        ("push",),
        r"github\.event\.(?:head_commit\.(?:message|author\.\w+|committer\.\w+)"
        r"|commits[.\[][^}]*(?:message|author\.\w+))",
    ),
)
SINKS = {
    "actions/github-script": "script",
    "azure/cli": "inlineScript",
    "azure/powershell": "inlineScript",
    "appleboy/ssh-action": "script",
    "addnab/docker-run-action": "run",
    "mikefarah/yq": "cmd",
    "jannekem/run-python-script-action": "script",
}


@rule(
    "CIC010",
    "script-injection",
    "error",
    "security",
    "CWE-94",
    "CWE-78",
    "zizmor:template-injection",
    "actionlint:expression",
    "CKV_GHA_2",
)
def check(step: Step) -> Results:
    pipeline = step.job.pipeline
    if pipeline.provider != "github":
        return
    for keys in _sinks(step):
        text = step.spec.dig(*keys)
        for found in EXPRESSION.finditer(text if isinstance(text, str) else ""):
            controlled = _controlled(found[1], pipeline.triggers, pipeline.is_action)
            if controlled:
                event, context = controlled
                milder: Level | None = "warning" if event == "push" or pipeline.is_action else None
                where = step.place(keys, found.start(), found.end())
                yield Result(where, CHOSEN(event, context), level=milder)


def _sinks(step: Step) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = [("run",)]
    name = step.uses.partition("@")[0].lower()
    if name in SINKS:
        found.append(("with", SINKS[name]))
    return found


def _controlled(
    expression: str, triggers: frozenset[str], is_action: bool
) -> tuple[str, str] | None:
    """The event and the context in an expression that an outsider chooses, if it is passed on."""
    if PASSES_NOTHING.search(expression):
        return None
    for events, pattern in OUTSIDERS:
        reached = [event for event in events if event in triggers]
        found = re.search(pattern, expression) if reached or is_action else None
        if found:
            return (reached or ["a caller"])[0], found[0]
    return None
