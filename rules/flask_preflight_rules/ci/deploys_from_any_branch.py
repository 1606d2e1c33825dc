"""A push to any branch deploys to production.

Whoever pushes an unfinished branch replaces what runs, and the last push of any branch wins.

Fix: name the branch: `on: {push: {branches: [main]}}`, or `rules` with `$CI_DEFAULT_BRANCH`.

Sources: GitHub, "Workflow syntax: on.push.branches"; GitLab, "rules".

```yaml bad .github/workflows/deploy.yml {6}
on: push
jobs:
  deploy:
    environment: production
    runs-on: ubuntu-latest
    steps: [{run: kubectl apply -f k8s}]
```

```yaml bad .github/workflows/pattern.yml {6}
on: {push: {branches: ["**"]}}
jobs:
  release:
    environment: production
    runs-on: ubuntu-latest
    steps: [{run: helm upgrade web ./chart}]
```

```yaml bad .gitlab-ci.yml {2,6}
deploy:
  script: kubectl apply -f k8s
  environment: production
by-hand:
  when: manual
  script: kubectl apply -f k8s
  environment: {name: production}
```

```yaml good .github/workflows/deploy.yml
on: {push: {branches: [main, "release/**"]}}
jobs:
  deploy:
    environment: production
    runs-on: ubuntu-latest
    steps: [{run: kubectl apply -f k8s}]
```

```yaml good .github/workflows/tags.yml
on: {push: {tags: ["v*"]}}
jobs:
  deploy:
    environment: production
    runs-on: ubuntu-latest
    steps: [{run: kubectl apply -f k8s}]
```

```yaml good .github/workflows/conditions.yml
on: push
jobs:
  deploy:
    if: github.ref == 'refs/heads/main'
    environment: production
    runs-on: ubuntu-latest
    steps: [{run: kubectl apply -f k8s}]
  unknown:
    if: vars.DEPLOY == 'yes'
    environment: production
    runs-on: ubuntu-latest
    steps: [{run: kubectl apply -f k8s}]
  each:
    environment: ${{ github.ref_name }}
    runs-on: ubuntu-latest
    steps: [{run: kubectl apply -f k8s}]
  staging:
    environment: staging
    runs-on: ubuntu-latest
    steps: [{run: kubectl apply -f k8s}]
```

```yaml good .gitlab-ci.yml
deploy:
  only: [main]
  script: kubectl apply -f k8s
  environment: production
by-rule:
  rules: [{if: "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH"}]
  script: kubectl apply -f k8s
  environment: production
review:
  environment: review/$CI_COMMIT_REF_SLUG
  script: kubectl apply -f k8s
```

```yaml good .gitlab-ci.yml
workflow:
  rules: [{if: "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH"}]
deploy:
  script: kubectl apply -f k8s
  environment: production
```
"""

from flask_preflight.artifacts.ci import Pipelines
from flask_preflight.rule import Level, Message, Result, Results, rule
from flask_preflight_rules.ci._deployments import (
    deployments,
    environment,
    is_manual,
    runs_for_any_branch,
)

ANY = Message("a push to any branch makes {0} deploy to production")


@rule("CIC066", "deploys-from-any-branch", "error", "ci-cd", sees="relation")
def check(pipelines: Pipelines) -> Results:
    for one in deployments(pipelines):
        # An environment whose name is computed is one for each branch.
        if not one.production or "$" in environment(one.job):
            continue
        if any(runs_for_any_branch(start, one.job) for start in one.starts):
            level: Level | None = "warning" if is_manual(one.job) else None
            yield Result(one.location, ANY(one.job.id), level=level)
