"""The server fetches the branch and builds it, so what runs is not what was tested.

Between the test and the `git pull` somebody may have pushed more; the versions of the packages are
those of the minute, and when the build fails the old version is half replaced.

Fix: build the image in the pipeline, push it under the commit, and let the server pull that.

Sources: The Twelve-Factor App, "V. Build, release, run".

```yaml bad .github/workflows/ci.yml {7}
on: {push: {branches: [main]}}
jobs:
  deploy-production:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: |
          ssh deploy@shop.example.org "cd /srv/shop && git pull && docker compose up -d --build"
```

```yaml good .github/workflows/ci.yml
on: {push: {branches: [main]}}
jobs:
  deploy-production:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: |
          ssh deploy@shop.example.org "cd /srv/shop && docker compose pull && docker compose up -d"
```
"""

from flask_preflight.artifacts.ci import Pipelines
from flask_preflight.lazy import expression
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.ci._deployments import deployments

BUILT = Message("the server builds whatever the branch holds at that moment, not what was tested")
_FETCHES = expression(r"\bgit (?:pull|reset --hard origin/|checkout (?!-)(?!.*\$)\w)")
_BUILDS = expression(
    r"docker[ -]compose\b[^\n;&|]*(?:--build|\bbuild\b)|docker build|pip3? install|poetry install"
    r"|uv (?:sync|pip)|npm (?:run build|ci|install)"
    r"|systemctl (?:restart|reload)|supervisorctl restart"
)


@rule("CIC078", "builds-on-the-server", "warning", "ci-cd")
def check(pipelines: Pipelines) -> Results:
    for one in deployments(pipelines):
        text = "\n".join(command.text for command in one.step.remote)
        if _FETCHES.search(text) and _BUILDS.search(text):
            yield Result(one.location, BUILT())
