"""A deployment makes up the migration that it runs.

The script is compared with whatever database is there, nobody reads what it drops, and the file is
lost with the machine: the next one finds a version in the database that no file explains.

Fix: generate it on a developer's machine, review it, commit it; deploy with `flask db upgrade`.

Sources: Flask-Migrate, "Example"; Alembic, "Auto generating migrations".

```yaml bad .github/workflows/deploy.yml {7,10,18}
on: {push: {branches: [main]}}
jobs:
  deploy:
    environment: production
    runs-on: ubuntu-latest
    steps:
      - run: flask db migrate -m deploy && flask db upgrade
      - run: kubectl apply -f k8s
      - run: |
          ssh web@web.example.org "flask db init; flask db upgrade"
  host:
    runs-on: ubuntu-latest
    steps:
      - uses: appleboy/ssh-action@v1
        with:
          script: |
            cd /srv/web
            alembic revision --autogenerate -m auto
            alembic upgrade head
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
COPY . /app
ENTRYPOINT ["/app/start.sh"]
```

```sh bad start.sh {2}
#!/bin/sh
flask db migrate
flask db upgrade
exec gunicorn app:app
```

```python bad app.py
from flask import Flask
app = Flask(__name__)
```

```yaml good .github/workflows/ci.yml
on: push
jobs:
  drift:
    runs-on: ubuntu-latest
    steps:
      - run: flask db upgrade && flask db migrate && git diff --exit-code migrations
  test:
    runs-on: ubuntu-latest
    steps:
      - run: flask db init && flask db migrate
      - run: pytest
  deploy:
    environment: production
    runs-on: ubuntu-latest
    steps:
      - run: flask db check && flask db upgrade
      - run: alembic check
      - run: kubectl apply -f k8s
```
"""

from flask_preflight.artifacts import ci_labels
from flask_preflight.artifacts.ci import Job
from flask_preflight.facts import Entry
from flask_preflight.rule import Location, Message, Result, Results, rule

MADE_UP = Message("{0} writes a migration that nobody has read, and that is lost with the machine")


@rule("CIC071", "migration-generated-at-deploy", "error", "ci-cd")
def check(part: Job | Entry) -> Results:
    found = _by_job(part) if isinstance(part, Job) else _by_entry(part)
    for text, where in dict.fromkeys(found):
        yield Result(where, MADE_UP(text[:60]))


def _by_job(job: Job) -> list[tuple[str, Location]]:
    if "git diff" in job.text or "--check" in job.text:
        return []
    found = [command for step in job.steps for command in step.remote]
    if "deploy" in job.labels:
        found += [command for step in job.steps for command in step.judged]
    return [
        (command.text, command.location)
        for command in found
        if "generate_migration" in ci_labels.of_command(command.text)
    ]


def _by_entry(entry: Entry) -> list[tuple[str, Location]]:
    """What a container or process of production runs before it serves."""
    commands = entry.started.before if entry.started is not None else ()
    return [
        (" ".join(command.argv), command.location)
        for command in commands
        if not command.development and not command.maybe
        if "generate_migration" in ci_labels.of_command(" ".join(command.argv))
    ]
