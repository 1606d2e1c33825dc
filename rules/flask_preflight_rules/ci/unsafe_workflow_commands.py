"""A workflow lets what its steps print set variables and the search path.

`ACTIONS_ALLOW_UNSECURE_COMMANDS` brings back `::set-env` and `::add-path`: any text that a step
prints, such as the title of an issue or the output of a test, can replace the programs that the
following steps run.

Fix: remove the variable, and write to `$GITHUB_ENV` and `$GITHUB_PATH`.

Sources: GitHub, "Workflow commands"; CVE-2020-15228; CWE-749.

```yaml bad .github/workflows/ci.yml {3,9}
on: push
env:
  ACTIONS_ALLOW_UNSECURE_COMMANDS: true
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - env:
          ACTIONS_ALLOW_UNSECURE_COMMANDS: "1"
        run: echo "::set-env name=X::1"
```

```yaml good .github/workflows/ci.yml
on: push
env:
  ACTIONS_ALLOW_UNSECURE_COMMANDS: "false"
jobs:
  test:
    runs-on: ubuntu-latest
    env: {ACTIONS_ALLOW_UNSECURE_COMMANDS: 0}
    steps:
      - run: echo ACTIONS_ALLOW_UNSECURE_COMMANDS=true
        env: {ACTIONS_ALLOW_UNSECURE_COMMANDS: ""}
```
"""

from flask_preflight.artifacts.ci import Pipeline
from flask_preflight.rule import Message, Result, Results, rule

OBEYED = Message("whatever a step prints can set variables and programs of the following steps")


@rule(
    "CIC026",
    "unsafe-workflow-commands",
    "error",
    "security",
    "CWE-749",
    "CVE-2020-15228",
    "zizmor:insecure-commands",
    "CKV_GHA_1",
)
def check(pipeline: Pipeline) -> Results:
    for one in pipeline.given:
        if one.name != "ACTIONS_ALLOW_UNSECURE_COMMANDS" or one.way != "env":
            continue
        if one.value.lower() not in ("false", "", "0"):
            yield Result(one.location, OBEYED())
