"""A step asks for an identity token, and its job may not have one.

The token needs `id-token: write`, which no default includes. Permissions of a job replace those of
the workflow, so a job with a block of its own needs it there. The step fails.

Fix: add `id-token: write` to the permissions of the job, next to what it has.

Sources: GitHub, "OpenID Connect: adding permissions settings".

```yaml bad .github/workflows/deploy.yml {8,13,19}
on: push
permissions: {id-token: write, contents: read}
jobs:
  replaced:
    permissions: {contents: read}
    runs-on: ubuntu-latest
    steps:
      - uses: aws-actions/configure-aws-credentials@v4
        with: {role-to-assume: "arn:aws:iam::1:role/deploy", aws-region: eu-central-1}
  attest:
    permissions: {}
    runs-on: ubuntu-latest
    steps: [{uses: actions/attest-build-provenance@v2, with: {subject-path: dist}}]
  azure:
    permissions: read-all
    runs-on: ubuntu-latest
    steps:
      - name: Log in
        uses: azure/login@v2
        with: {client-id: "${{ vars.ID }}", tenant-id: "${{ vars.TENANT }}"}
```

```yaml bad .github/workflows/google.yml {6}
on: push
jobs:
  none:
    runs-on: ubuntu-latest
    steps:
      - uses: google-github-actions/auth@v2
        with: {workload_identity_provider: projects/1/x, service_account: deploy@example.org}
```

```yaml good .github/workflows/deploy.yml
on: push
permissions: {id-token: write}
jobs:
  inherited:
    runs-on: ubuntu-latest
    steps:
      - uses: aws-actions/configure-aws-credentials@v4
        with: {role-to-assume: "arn:aws:iam::1:role/deploy", aws-region: eu-central-1}
  all:
    permissions: write-all
    runs-on: ubuntu-latest
    steps: [{uses: actions/attest-build-provenance@v2, with: {subject-path: dist}}]
  chained:
    permissions: {}
    runs-on: ubuntu-latest
    steps:
      - uses: aws-actions/configure-aws-credentials@v4
        with: {role-to-assume: "arn:aws:iam::1:role/deploy", role-chaining: true}
  keys:
    permissions: {}
    runs-on: ubuntu-latest
    steps:
      - uses: aws-actions/configure-aws-credentials@v4
        with:
          role-to-assume: "arn:aws:iam::1:role/deploy"
          aws-access-key-id: ${{ secrets.KEY_ID }}
      - uses: pypa/gh-action-pypi-publish@v1
        with: {password: "${{ secrets.PYPI }}"}
  own-machine:
    permissions: {}
    runs-on: [self-hosted]
    steps:
      - uses: aws-actions/configure-aws-credentials@v4
        with: {role-to-assume: "arn:aws:iam::1:role/deploy"}
```

```yaml good .github/workflows/called.yml
on: workflow_call
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: aws-actions/configure-aws-credentials@v4
        with: {role-to-assume: "arn:aws:iam::1:role/deploy"}
```
"""

from flask_preflight.artifacts.ci import Job, Step
from flask_preflight.artifacts.yaml import Map
from flask_preflight.rule import Message, Result, Results, rule

REFUSED = Message("{0} needs id-token: write, which this job does not have, and fails")
ASKS = {
    "aws-actions/configure-aws-credentials": "role-to-assume",
    "google-github-actions/auth": "workload_identity_provider",
    "azure/login": "client-id",
    "actions/attest": "",
    "actions/attest-build-provenance": "",
    "actions/attest-sbom": "",
    "pypa/gh-action-pypi-publish": "",
}
INSTEAD = (
    "aws-access-key-id",
    "web-identity-token-file",
    "role-chaining",
    "credentials_json",
    "creds",
    "password",
    "auth-type",
)
HOSTED = ("ubuntu-", "macos-", "windows-")


@rule(
    "CIC068",
    "oidc-without-permission",
    "error",
    "ci-cd",
    "~actionlint:permissions",
    sees="relation",
)
def check(job: Job) -> Results:
    if job.pipeline.is_action or _may_ask(job):
        return
    if not all(label.startswith(HOSTED) for label in job.runners):
        return
    for step in job.steps:
        if _asks(step):
            yield Result(step.location, REFUSED(step.uses.partition("@")[0]))


def _may_ask(job: Job) -> bool:
    """Whether the job has the right, or may get it from a workflow that calls it."""
    given = job.permissions
    if isinstance(given, Map):
        return given.text("id-token") == "write"
    if given is None or "$" in str(given):
        return "call" in job.pipeline.events
    return str(given) == "write-all"


def _asks(step: Step) -> bool:
    if step.action not in ASKS:
        return False
    given = step.spec.map("with")
    key = ASKS[step.action]
    if any(name in given for name in INSTEAD) or key and not given.text(key):
        return False
    if any(one.name == "AWS_ACCESS_KEY_ID" for one in step.job.pipeline.given):
        return False
    # An earlier login can have left the credentials that the role is assumed with.
    before = step.job.steps[: step.job.steps.index(step)]
    return not any(one.action == step.action for one in before)
