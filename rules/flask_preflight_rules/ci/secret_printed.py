"""A job writes a secret into its log.

Logs are read by everybody with access to the project, and kept. The masks of the systems only know
the exact value: an encoded, cut or structured one is shown.

Fix: do not print it; pass it on by a pipe or a file.

Sources: GitHub, "Secure use reference: secrets"; GitLab, "CI/CD variables: mask"; CWE-532.

```yaml bad .github/workflows/ci.yml {9,12,14}
on: push
env:
  DEPLOY_TOKEN: ${{ secrets.DEPLOY_TOKEN }}
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - run: |
          echo "token is $DEPLOY_TOKEN"
          ./deploy
      - run: |
          echo ${{ secrets.API_KEY }}
          echo "${DEPLOY_TOKEN}" > .env
          cat .env
```

```yaml bad .github/workflows/debug.yml {7}
on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - env: {API_KEY: "${{ secrets.API_KEY }}"}
        run: printenv
```

```yaml bad .gitlab-ci.yml {2,4}
variables:
  CI_DEBUG_TRACE: "true"
deploy:
  script: echo $DATABASE_PASSWORD
```

```yaml good .github/workflows/ci.yml
on: push
env:
  DEPLOY_TOKEN: ${{ secrets.DEPLOY_TOKEN }}
  SSH_HOST: ${{ secrets.SSH_HOST }}
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - run: |
          echo "$DEPLOY_TOKEN" | docker login --password-stdin
          echo ${{ secrets.API_KEY }} > key.txt
          { echo "TOKEN=$DEPLOY_TOKEN"; } >> "$GITHUB_OUTPUT"
          echo "::add-mask::$DEPLOY_TOKEN"
          echo "DEPLOY_TOKEN is set: ${DEPLOY_TOKEN:+yes}, ${#DEPLOY_TOKEN} letters, to $SSH_HOST"
          echo '$DEPLOY_TOKEN'
          if [[ "${{ secrets.API_KEY }}" == '' ]]; then echo missing; fi
          hash=$(echo "$DEPLOY_TOKEN" | sha256sum)
          cat key.txt | wc -l
          env FLASK_DEBUG=0 ./deploy
          cat README.md
  other:
    runs-on: ubuntu-latest
    env: {DEPLOY_TOKEN: none}
    steps:
      - run: env
```

```yaml good .gitlab-ci.yml
variables:
  CI_DEBUG_TRACE: "false"
deploy:
  script: echo "$DATABASE_PASSWORD_FILE" && env
```
"""

import re
from collections.abc import Iterator

from flask_preflight.artifacts.ci import Pipeline, Step
from flask_preflight.artifacts.secret import secret_name
from flask_preflight.artifacts.shell import Command
from flask_preflight.artifacts.yaml import Map
from flask_preflight.rule import Message, Result, Results, rule

PRINTED = Message("the log of the job shows {0}; a mask hides no more than its exact value")
ALL = Message("{0} writes every variable into the log, {1} among them", "all")
TRACED = Message("{0} writes every variable and every command into the log", "traced")
FILE = Message("{0} holds a secret, and the log of the job shows it", "file")
PRINTERS = ("echo", "printf")
DUMPS = re.compile(r"(?:env|printenv|set|export(?: -p)?)\Z")
TRACES = ("CI_DEBUG_TRACE", "CI_DEBUG_SERVICES")
SECRET = re.compile(r"_secrets\.(\w+)")


@rule("CIC021", "secret-printed", "error", "security", "CWE-532", "~poutine:debug_enabled")
def check(pipeline: Pipeline) -> Results:
    for spec in (pipeline.spec, *(job.spec for job in pipeline.jobs.values())):
        yield from _traces(spec)
    for job in pipeline.jobs.values():
        written: set[str] = set()
        for step in job.steps:
            yield from _printed(step, written)


def _traces(spec: Map) -> Results:
    variables = spec.map("variables")
    for name in TRACES:
        if str(variables.dig(name)).lower() in ("true", "1"):
            yield Result(variables.at(name), TRACED(name))


def _printed(step: Step, written: set[str]) -> Results:
    for command in step.commands:
        names = list(_secrets(command, step))
        if command.output and names:
            written.add(command.output)
        elif _is_shown(command):
            shown = written.intersection(command.words[1:])
            if command.program in PRINTERS and names and "::add-mask::" not in command.text:
                yield Result(command.location, PRINTED(names[0]))
            elif command.program in ("cat", "head", "tail") and shown:
                yield Result(command.location, FILE(min(shown)))
            elif DUMPS.match(command.text) and step.spec.dig("run") and step.secret_variables:
                first = min(step.secret_variables)
                yield Result(command.location, ALL(command.text, first), level="warning")


def _is_shown(command: Command) -> bool:
    return not (command.output or command.piped_into or command.nested)


def _secrets(command: Command, step: Step) -> Iterator[str]:
    """The names of the secrets among the words of a command."""
    for index, word in enumerate(command.words[1:], 1):
        for name in SECRET.findall(word):
            if secret_name(name.rstrip("_")):
                yield name.rstrip("_")
        for name in step.secret_variables if index in command.dynamic else ():
            if re.search(rf"\$(?:{name}(?!\w)|\{{{name}(?:\}}|:?-))", word):
                yield name
