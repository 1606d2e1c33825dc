"""A pull request deploys before anybody has merged it.

What is being proposed runs in the place of what was agreed on, and every further push to the branch
replaces it again.

Fix: `if: github.event_name == 'push' && github.ref == 'refs/heads/main'` on the job.

Sources: GitHub, "Deploying with GitHub Actions"; GitLab, "Merge request pipelines".

```yaml bad .github/workflows/ci.yml {10,15}
on: [push, pull_request]
jobs:
  test:
    runs-on: ubuntu-latest
    steps: [{run: pytest}]
  deploy:
    needs: test
    runs-on: ubuntu-latest
    steps:
      - run: kubectl apply -f k8s
  host:
    if: success()
    runs-on: ubuntu-latest
    steps:
      - uses: appleboy/ssh-action@v1
        with: {host: web.example.org, script: "docker compose up -d"}
```

```yaml bad .gitlab-ci.yml {5}
deploy:
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH == "main"
  script: kubectl apply -f k8s
```

```yaml good .github/workflows/ci.yml
on: [push, pull_request]
jobs:
  deploy:
    if: github.ref == 'refs/heads/main'
    runs-on: ubuntu-latest
    steps: [{run: kubectl apply -f k8s}]
  after:
    needs: deploy
    runs-on: ubuntu-latest
    steps: [{run: kubectl apply -f k8s}]
  step:
    runs-on: ubuntu-latest
    steps:
      - if: github.event_name != 'pull_request'
        run: kubectl apply -f k8s
  preview:
    runs-on: ubuntu-latest
    environment: review/${{ github.head_ref }}
    steps: [{run: kubectl apply -f k8s}]
  plan:
    runs-on: ubuntu-latest
    steps: [{run: kubectl apply --dry-run=server -f k8s}]
  decided:
    needs: changes
    if: needs.changes.outputs.deploy == 'true'
    runs-on: ubuntu-latest
    steps: [{run: kubectl apply -f k8s}]
  changes:
    runs-on: ubuntu-latest
    steps: [{run: ./changes}]
```

```yaml good .github/workflows/merged.yml
on: {pull_request: {types: [closed]}}
jobs:
  deploy:
    if: github.event.pull_request.merged == true
    runs-on: ubuntu-latest
    steps: [{run: kubectl apply -f k8s}]
```

```yaml good .gitlab-ci.yml
deploy:
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
      when: never
    - if: $CI_COMMIT_BRANCH == "main"
  script: kubectl apply -f k8s
review:
  only: [merge_requests]
  environment: {name: review/$CI_COMMIT_REF_SLUG}
  script: kubectl apply -f k8s
by-hand:
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
      when: manual
  script: kubectl apply -f k8s
```
"""

from flask_preflight.artifacts.ci import Pipelines
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.ci._deployments import deployments, runs_for_pull_requests

PROPOSED = Message("{0} deploys what a pull request proposes, before it is merged")


@rule("CIC063", "deploys-from-pull-request", "error", "ci-cd", sees="relation")
def check(pipelines: Pipelines) -> Results:
    for one in deployments(pipelines):
        if any(runs_for_pull_requests(start, one.job) for start in one.starts):
            yield Result(one.location, PROPOSED(one.job.id))
