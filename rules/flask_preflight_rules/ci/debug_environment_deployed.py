"""A deployment hands debug mode to production.

Flask's debugger shows the source and the variables of every error to whoever causes it, and lets
those who get past its PIN run code.

Fix: remove the variable; production needs none.

Sources: Flask, "Debugging application errors"; CWE-489.

```yaml bad .github/workflows/deploy.yml {7,10,11}
on: {push: {branches: [main]}}
jobs:
  deploy:
    environment: production
    runs-on: ubuntu-latest
    env:
      FLASK_DEBUG: 1
    steps:
      - run: |
          helm upgrade web ./chart --set env.FLASK_ENV=development
      - run: >-
          kubectl create configmap web --from-literal=DEBUG=true
```

```yaml bad .github/workflows/host.yml {8,9}
on: {push: {branches: [main]}}
jobs:
  deploy-production:
    runs-on: ubuntu-latest
    steps:
      - run: |
          ssh web@web.example.org << 'EOF'
            export WERKZEUG_DEBUG_PIN=off
            docker run -d -e APP_SETTINGS=config.DevelopmentConfig example/web:1
          EOF
```

```yaml bad .github/workflows/staging.yml {7}
on: {push: {branches: [main]}}
jobs:
  deploy:
    environment: staging
    runs-on: ubuntu-latest
    env:
      FLASK_DEBUG: "true"
    steps: [{run: kubectl apply -f k8s}]
```

```yaml good .github/workflows/deploy.yml
on: {push: {branches: [main]}}
env: {FLASK_ENV: testing}
jobs:
  test:
    runs-on: ubuntu-latest
    env: {FLASK_DEBUG: 1, FLASK_ENV: testing}
    steps: [{run: pytest}]
  deploy:
    needs: test
    environment: production
    runs-on: ubuntu-latest
    env: {FLASK_DEBUG: 0, DEBUG: "", FLASK_ENV: production, DEBUG_LEVEL: 1}
    steps:
      - run: helm upgrade web ./chart --set debug=false --set env.DEBUG=$DEBUG
      - run: FLASK_ENV=testing pytest
  tools:
    runs-on: ubuntu-latest
    steps:
      - run: docker run -e DEBUG=1 example/tool:1
```
"""

import re

from flask_preflight.artifacts import ci_labels
from flask_preflight.artifacts.ci import Given, Job, Pipelines, given_by
from flask_preflight.rule import Level, Location, Message, Result, Results, rule
from flask_preflight_rules.ci._deployments import deployments

DEBUG = Message("{0} switches debugging on in what {1} deploys")
SWITCHES = re.compile(r"(?:FLASK_|APP_)?DEBUG\Z")
CHOICES = re.compile(r"(?:FLASK_ENV|FLASK_CONFIG|APP_SETTINGS|CONFIG_NAME|APP_CONFIG)\Z")
ON = frozenset(("1", "true", "yes", "on", "y", "t"))
DEVELOPMENT = re.compile(r"(?i)(?:[\w.]+\.)?(?:dev|develop|development|testing|debug)(?:config)?\Z")


@rule("CIC080", "debug-environment-deployed", "error", "configuration", "CWE-489")
def check(pipelines: Pipelines) -> Results:
    for one in deployments(pipelines):
        for given in _handed_on(one.job):
            if _is_debug(given.name.rpartition(".")[2], given.value):
                # What a job's own commands get reaches production by way of some tools only.
                certain = one.production and given.way == "script"
                level: Level | None = None if certain else "warning"
                said = f"{given.name}={given.value}"
                yield Result(given.location, DEBUG(said, one.job.id), level=level)


def _handed_on(job: Job) -> list[Given]:
    """The variables of a job that deploys, and those that it sets on the other machine."""
    tests: set[Location] = {
        assignment.location
        for step in job.steps
        for command in step.commands
        if ci_labels.of_command(command.text) & {"test", "lint"}
        for assignment in command.assignments
    }
    found = [one for one in job.pipeline.given if one.job is job and one.way != "service"]
    found += [
        one for step in job.steps for command in step.remote for one in given_by(command, job)
    ]
    first = [one for one in found if one.location.path == job.pipeline.path]
    return [one for one in first if one.location not in tests]


def _is_debug(name: str, value: str) -> bool:
    if name == "WERKZEUG_DEBUG_PIN":
        return value == "off"
    if SWITCHES.match(name):
        return value.lower() in ON
    return CHOICES.match(name) is not None and DEVELOPMENT.match(value) is not None
