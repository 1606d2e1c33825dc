"""Nothing looks whether the deployed version answers.

The pipeline is green as soon as the new version was handed over. That it does not start, or answers
with errors, is found out by users.

Fix: wait for it (`kubectl rollout status`, `helm upgrade --wait`), or ask its health endpoint with
`curl --fail --retry`.

Sources: Kubernetes, "Deployments: rollout status"; Helm, "helm upgrade"; Docker, "docker compose
up --wait".

```yaml bad .github/workflows/deploy.yml {6,11}
on: {push: {branches: [main]}}
jobs:
  deploy:
    environment: production
    runs-on: ubuntu-latest
    steps: [{run: kubectl apply -f k8s}]
  host-production:
    runs-on: ubuntu-latest
    steps:
      - run: curl -f https://web.example.org/health
      - uses: appleboy/ssh-action@v1
        with: {host: web.example.org, script: "docker compose pull && docker compose up -d"}
```

```yaml good .github/workflows/deploy.yml
on: {push: {branches: [main]}}
jobs:
  kubectl:
    environment: production
    runs-on: ubuntu-latest
    steps:
      - run: kubectl apply -f k8s
      - run: kubectl rollout status deployment/web
  helm:
    environment: production
    runs-on: ubuntu-latest
    steps: [{run: helm upgrade web ./chart --atomic}]
  compose:
    environment: production
    runs-on: ubuntu-latest
    steps: [{run: 'ssh web@web.example.org "docker compose up -d --wait"'}]
  asked:
    environment: production
    runs-on: ubuntu-latest
    steps:
      - run: helm upgrade web ./chart
      - run: curl --fail --retry 10 https://web.example.org/healthz
  ecs:
    environment: production
    runs-on: ubuntu-latest
    steps:
      - uses: aws-actions/amazon-ecs-deploy-task-definition@v2
        with: {wait-for-service-stability: true}
  later:
    environment: production
    runs-on: ubuntu-latest
    steps: [{run: kubectl apply -f k8s}]
  smoke:
    needs: later
    runs-on: ubuntu-latest
    steps: [{run: pytest tests/smoke}]
  platform:
    environment: production
    runs-on: ubuntu-latest
    steps: [{run: gcloud run deploy web --image "$IMAGE"}]
  staging:
    environment: staging
    runs-on: ubuntu-latest
    steps: [{run: kubectl apply -f k8s}]
  script:
    environment: production
    runs-on: ubuntu-latest
    steps: [{run: kubectl apply -f k8s}, {run: ./scripts/check.sh}]
```
"""

import re

from flask_preflight.artifacts.ci import Pipelines, Step
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.ci._deployments import Deployment, deployments

NOT_ASKED = Message("{0} ends without a look at whether the new version answers")
WATCHED = re.compile(
    r"--wait\b|--atomic\b|wait-for-service-stability: true|rollout status|services-stable|argocd"
    r"|flux |gcloud run|deploy-cloudrun|gcloud app|flyctl|\bfly |superfly|heroku|azure/webapps"
    r"|az webapp|containerapp|render\.com|railway|beanstalk|kamal|healthcheck|health-check|\bhealth"
    r"|stack deploy|service update|terraform|tofu|pulumi|zappa|serverless|\bsls |\bsam |\bcdk "
)
"""What waits by itself, or runs where the old version is kept until the new one is up."""


@rule("CIC075", "deployment-not-verified", "warning", "ci-cd", sees="absent")
def check(pipelines: Pipelines) -> Results:
    for one in deployments(pipelines):
        if one.production and not _is_watched(one.step) and not _is_asked(one):
            yield Result(one.location, NOT_ASKED(one.job.id))


def _is_watched(deploying: Step) -> bool:
    steps = (deploying, *deploying.later)
    inputs = " ".join(f"{key}: {value}" for step in steps for key, value in _given(step))
    commands = " ".join(one.text for step in steps for one in (*step.judged, *step.remote))
    uses = " ".join(step.uses for step in steps)
    return WATCHED.search(f"{inputs} {commands} {uses}".lower()) is not None


def _given(step: Step) -> list[tuple[str, str]]:
    return [(key, str(value).lower()) for key, value in step.spec.map("with").items()]


def _is_asked(one: Deployment) -> bool:
    """Whether a later step or job asks it, or may do so out of sight."""
    for step in one.step.later:
        if step.labels & {"verify", "test"} or step.is_opaque or step.called:
            return True
    after = [job for job in one.job.pipeline.jobs.values() if one.job in job.upstream]
    return any(job.does() & {"verify", "test"} or job.opaque for job in after)
