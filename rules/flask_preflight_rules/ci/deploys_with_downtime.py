"""A deployment stops the application before it starts the new version.

From `down` to the moment the new containers answer, every client gets an error, also when the new
version does not start at all.

Fix: `docker compose up -d --wait` without `down`: only what has changed is replaced; or let an
orchestrator replace the replicas one by one.

Sources: Docker, "docker compose up".

```yaml bad .github/workflows/ci.yml {7}
on: {push: {branches: [main]}}
jobs:
  deploy-production:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: |
          ssh deploy@shop.example.org "cd /srv/shop && docker compose down && docker compose up -d"
```

```yaml good .github/workflows/ci.yml
on: {push: {branches: [main]}}
jobs:
  deploy-production:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: |
          ssh deploy@shop.example.org "cd /srv/shop && docker compose up -d --wait"
```

```yaml good .github/workflows/test.yml
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: docker compose up -d && pytest && docker compose down
```
"""

from flask_preflight.artifacts.ci import Pipelines
from flask_preflight.lazy import expression
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.ci._deployments import deployments

STOPPED = Message("nobody is served from {0} until the new version answers, if it ever does")
_STOPS = expression(
    r"\b(docker[ -]compose\b[^\n;&|]*\bdown|systemctl stop \S+|kubectl delete -[fk] \S+"
    r"|helm uninstall \S+|kubectl scale\b[^\n;&|]*--replicas[= ]0|docker (?:stop|rm)\b[^\n;&|]+"
    r"|(?:pkill|killall)\b[^\n;&|]*(?:gunicorn|uwsgi|python|flask))"
)
_STARTS = expression(
    r"docker[ -]compose\b[^\n;&|]*\bup\b|systemctl start|kubectl (?:apply|create)"
    r"|helm (?:install|upgrade)|--replicas[= ][1-9]|docker run|\bgunicorn\b|\buwsgi\b|\bflask run\b"
)


@rule("CIC077", "deploys-with-downtime", "warning", "scaling")
def check(pipelines: Pipelines) -> Results:
    for one in deployments(pipelines):
        # What runs on the machine of the pipeline itself is thrown away with it.
        text = "\n".join(command.text for command in one.step.remote)
        clusters = (c.text for c in one.step.judged if c.text.startswith(("kubectl", "helm")))
        text += "\n" + "\n".join(clusters)
        stopped = _STOPS.search(text)
        if stopped is not None and _STARTS.search(text, stopped.end()):
            yield Result(one.location, STOPPED(" ".join(stopped[1].split())[:60]))
