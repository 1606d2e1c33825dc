"""A password or key is written in a pipeline.

Everyone who can read the repository, a fork or the log of the run has it, and changing it needs a
commit.

Fix: keep it with the secrets of the project (`${{ secrets.NAME }}`, a masked variable of GitLab),
and replace the value, because the history keeps it.

Sources: GitHub, "Using secrets in GitHub Actions"; GitLab, "CI/CD variables"; CWE-798.

```yaml bad .github/workflows/deploy.yml {3,11,15}
on: push
env:
  API_TOKEN: "@@SECRET:key@@"
jobs:
  deploy:
    runs-on: ubuntu-latest
    container:
      image: registry.example.org/tools:1
      credentials:
        username: me
        password: "hunter-of-bugs"
    steps:
      - uses: example/deploy@60a0d83039c74a4aee543508d2ffcb1c3799cdea
        with:
          password: "@@SECRET:password@@"
      - run: kubectl create secret generic web --from-literal=DB_PASSWORD="$PW"
```

```yaml bad .gitlab-ci.yml {2,4}
variables:
  DATABASE_URL: postgresql://web:@@SECRET:password@@@db.internal.net/web
deploy:
  script: kubectl create secret generic web --from-literal=DB_PASSWORD=@@SECRET:password@@
```

```yaml bad .github/workflows/ci.yml {7}
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: pytest
        env: {SECRET_KEY: "@@SECRET:key@@"}
```

```yaml good .github/workflows/ci.yml
on: push
env:
  POSTGRES_PASSWORD: "@@SECRET:password@@"
jobs:
  test:
    runs-on: ubuntu-latest
    services:
      db:
        image: postgres:17
        env: {POSTGRES_PASSWORD: "tests-only-password", POSTGRES_USER: web}
    env:
      DATABASE_URL: postgresql://web:tests-only-password@localhost/web
      DB_PASSWORD: tests-only-password
      SECRET_KEY: only-for-the-tests
      API_TOKEN: ${{ secrets.API_TOKEN }}
      SECRET_NAME: web-credentials
      AWS_SECRET_ACCESS_KEY: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
    steps:
      - uses: actions/checkout@v5
        with: {token: "${{ github.token }}"}
      - run: docker run -e MYSQL_ROOT_PASSWORD="another-one-4x" -d mysql:8.4
      - run: MAIL_PASSWORD=another-one-4x pytest
        env: {STORE_SECRET: e2e0123456789abcdef0123456789abcdef01234567890ab}
```

```yaml good .gitlab-ci.yml
variables:
  POSTGRES_PASSWORD: "@@SECRET:password@@"
  DATABASE_URL: postgresql://web:@@SECRET:password@@@postgres/web
  DEPLOY_TOKEN: $CI_DEPLOY_PASSWORD
deploy:
  services: [postgres:17]
  script: kubectl create secret generic web --from-literal=DB_PASSWORD="$DB_PASSWORD"
```
"""

import re

from flask_preflight.artifacts import providers, secret
from flask_preflight.artifacts.ci import Given, Pipeline
from flask_preflight.rule import Level, Message, Result, Results, rule

WRITTEN = Message("the value of {0} is in the repository, for everyone who can read it")
BOOTSTRAP = re.compile(
    r"(?:POSTGRES|PG|MYSQL|MARIADB|MONGO|RABBITMQ|REDIS|MINIO|ELASTIC|NEO4J|COUCHDB|MSSQL|SA_|KC_"
    r"|KEYCLOAK|LDAP)"
)
COUNTS = re.compile(r"12345678|abcdefgh")
SHIPS = re.compile(r"deploy|release|publish|prod(?:uction)?\b")
SERIOUS = frozenset(("deploy", "push_image", "publish_package", "migrate", "login"))


@rule(
    "CIC023",
    "hard-coded-secret-in-pipeline",
    "error",
    "security",
    "CWE-798",
    "zizmor:hardcoded-container-credentials",
    "actionlint:credentials",
)
def check(pipeline: Pipeline) -> Results:
    thrown_away = {one.value for one in pipeline.given if _starts_service(one)}
    for one in pipeline.given:
        value = _secret(one)
        if value is None or value in thrown_away or any(providers.tokens(one.value)):
            continue
        serious = one.way == "credentials" or "://" in one.value or _ships(pipeline, one)
        if serious or secret.looks_random(value) and not COUNTS.search(value):
            level: Level | None = None if serious else "warning"
            yield Result(one.location, WRITTEN(one.name), level=level)


def _starts_service(one: Given) -> bool:
    return one.way == "service" or BOOTSTRAP.match(one.name) is not None


def _secret(one: Given) -> str | None:
    """The secret in the value, if it is one that works somewhere."""
    if "$" in one.value or "____" in one.value:
        return None
    if one.way == "credentials":
        return one.value
    kind = secret.secret_name(one.name)
    if kind:
        return one.value if secret.classify(one.value, kind, one.name) == "real" else None
    password = secret.url_password(one.value)
    host = one.value.rpartition("@")[2].partition("/")[0].partition(":")[0]
    if password is None or "." not in host or host in ("127.0.0.1", "host.docker.internal"):
        return None
    return password if secret.classify(password, "pw") == "real" else None


def _ships(pipeline: Pipeline, one: Given) -> bool:
    """Whether what gets the value does more than test."""
    if SHIPS.search(f"{pipeline.path} {one.job.id if one.job else ''}"):
        return True
    jobs = [one.job] if one.job else list(pipeline.jobs.values())
    return any(job.labels & SERIOUS for job in jobs)
