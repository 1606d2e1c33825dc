"""A pipeline logs in to a cloud with a key that stays valid until somebody deletes it.

Whoever gets hold of it, from a log, a tampered action or an old copy, has what the pipeline has,
for as long as nobody notices.

Fix: let the cloud trust the pipeline (OpenID Connect): `role-to-assume`,
`workload_identity_provider`, `client-id`; then delete the key.

Intended: for clouds and stores that know no OpenID Connect.

Sources: GitHub, "OpenID Connect"; AWS, "Security best practices in IAM".

```yaml bad .github/workflows/deploy.yml {10,15,17,20,25}
on: push
jobs:
  aws:
    runs-on: ubuntu-latest
    steps:
      - name: Log in
        uses: aws-actions/configure-aws-credentials@v4
        with:
          aws-region: eu-central-1
          aws-access-key-id: ${{ secrets.AWS_ACCESS_KEY_ID }}
          aws-secret-access-key: ${{ secrets.AWS_SECRET_ACCESS_KEY }}
  others:
    runs-on: ubuntu-latest
    steps:
      - {uses: google-github-actions/auth@v2, with: {credentials_json: "${{ secrets.GCP }}"}}
      - uses: azure/login@v2
        with: {creds: "${{ secrets.AZURE }}"}
      - name: By hand
        run: |
          az login --service-principal -u "$ID" -p "$KEY" --tenant "$TENANT"
  environment:
    runs-on: ubuntu-latest
    env:
      AWS_SECRET_ACCESS_KEY: ${{ secrets.AWS_SECRET_ACCESS_KEY }}
      AWS_ACCESS_KEY_ID: ${{ secrets.AWS_ACCESS_KEY_ID }}
    steps: [{run: aws ecs update-service --force-new-deployment --service web}]
```

```yaml bad .github/workflows/mixed.yml {9}
on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: google-github-actions/auth@v2
        with: {workload_identity_provider: projects/1/x}
      - uses: google-github-actions/auth@v2
        with: {credentials_json: "${{ secrets.GCP }}"}
```

```yaml bad .gitlab-ci.yml {2}
deploy:
  script: gcloud auth activate-service-account --key-file "$KEY"
```

```yaml good .github/workflows/deploy.yml
on: push
permissions: {id-token: write}
jobs:
  aws:
    runs-on: ubuntu-latest
    steps:
      - uses: aws-actions/configure-aws-credentials@v4
        with: {role-to-assume: "arn:aws:iam::1:role/deploy", aws-region: eu-central-1}
      - uses: azure/login@v2
        with: {client-id: "${{ vars.ID }}", tenant-id: "${{ vars.TENANT }}"}
  other-store:
    runs-on: ubuntu-latest
    env: {AWS_ACCESS_KEY_ID: "${{ secrets.R2_KEY }}"}
    steps: [{run: aws s3 sync dist s3://web --endpoint-url https://r2.example.org}]
  test:
    runs-on: ubuntu-latest
    env: {AWS_ACCESS_KEY_ID: testing}
    steps: [{run: aws s3 ls}, {run: pytest}]
  unused:
    runs-on: ubuntu-latest
    env: {AWS_ACCESS_KEY_ID: "${{ secrets.AWS_ACCESS_KEY_ID }}"}
    steps: [{run: pytest}]
```
"""

import re
from collections.abc import Iterator

from flask_preflight.artifacts.ci import Job, Pipeline, Step
from flask_preflight.rule import Level, Location, Message, Result, Results, rule

STAYS = Message("the pipeline logs in to {0} with a key that stays valid until it is deleted")
KEYS = {
    "aws-actions/configure-aws-credentials": ("aws-access-key-id", "role-to-assume", "AWS"),
    "google-github-actions/auth": (
        "credentials_json",
        "workload_identity_provider",
        "Google Cloud",
    ),
    "google-github-actions/setup-gcloud": ("service_account_key", "", "Google Cloud"),
    "azure/login": ("creds", "client-id", "Azure"),
}
COMMANDS = re.compile(
    r"(?P<google>gcloud auth activate-service-account .*--key-file)"
    r"|(?P<azure>az login .*--service-principal.* (?:-p|--password)[ =])"
)
OTHER_STORE = re.compile(
    r"(?i)endpoint[-_]url|minio|localstack|cloudflarestorage|digitaloceanspaces"
)
AWS_CLIENTS = frozenset(("aws", "terraform", "tofu", "cdk", "sam", "eb", "ecs-cli", "zappa", "sls"))


@rule("CIC067", "long-lived-cloud-keys", "warning", "security", "~CWE-798")
def check(pipeline: Pipeline) -> Results:
    found = [one for job in pipeline.jobs.values() for one in _by_job(job)]
    level: Level | None = "error" if any(_trusted(step) for step in pipeline.steps) else None
    for where, cloud in dict.fromkeys(found):
        yield Result(where, STAYS(cloud), level=level)


def _trusted(step: Step) -> bool:
    other = KEYS.get(step.action, ("", "", ""))[1]
    return bool(other and step.spec.text("with", other))


def _by_job(job: Job) -> Iterator[tuple[Location, str]]:
    for step in job.steps:
        key, other, cloud = KEYS.get(step.action, ("", "", ""))
        if key and step.spec.text("with", key) and not (other and step.spec.text("with", other)):
            yield step.spec.at("with", key), cloud
        for command in step.commands:
            found = COMMANDS.match(command.text)
            if found:
                yield command.location, "Google Cloud" if found["google"] else "Azure"
    if not OTHER_STORE.search(job.text):
        yield from _by_environment(job)


def _by_environment(job: Job) -> Iterator[tuple[Location, str]]:
    """Keys of AWS in the variables of what talks to it."""
    for step in job.steps:
        if any(command.program in AWS_CLIENTS for command in step.commands):
            for spec in (step.spec, job.spec, job.pipeline.spec):
                if "secrets." in spec.text("env", "AWS_ACCESS_KEY_ID"):
                    yield spec.at("env", "AWS_ACCESS_KEY_ID"), "AWS"
                    return
