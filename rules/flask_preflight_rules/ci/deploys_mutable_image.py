"""A deployment names an image by a tag that moves.

What starts is whatever was pushed last, perhaps by another branch; a node that starts it later gets
another version than its neighbours, and going back is impossible.

Fix: deploy the tag of the commit, or the digest that the build gave.

Sources: Kubernetes, "Configuration best practices: container images"; Docker, "Image tags".

```yaml bad .github/workflows/deploy.yml {8,9,10,11}
on: {push: {branches: [main]}}
jobs:
  deploy:
    environment: production
    runs-on: ubuntu-latest
    steps:
      - run: |
          kubectl set image deployment/web web=registry.example.org/web:latest
          helm upgrade web ./chart --set image.tag=stable
          gcloud run deploy web --image gcr.io/example/web
          docker service update --image example/web:production web
```

```yaml bad .github/workflows/host.yml {7,16}
on: {push: {branches: [main]}}
jobs:
  staging:
    environment: staging
    runs-on: ubuntu-latest
    steps:
      - run: ssh web@web.example.org "docker pull example/web; docker run -d example/web"
  deploy:
    environment: production
    runs-on: ubuntu-latest
    steps:
      - uses: appleboy/ssh-action@v1
        with:
          host: web.example.org
          script: |
            docker pull example/web:latest
            docker run -d redis:latest
```

```yaml bad .github/workflows/restart.yml {6}
on: {push: {branches: [main]}}
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - run: kubectl rollout restart deployment/web
```

```yaml good .github/workflows/deploy.yml
on: {push: {branches: [main]}}
jobs:
  deploy:
    environment: production
    runs-on: ubuntu-latest
    steps:
      - run: |
          kubectl set image deployment/web web=registry.example.org/web:${{ github.sha }}
          kubectl set image deployment/web web=registry.example.org/web@sha256:${DIGEST}
          helm upgrade web ./chart --set image.tag="$TAG" --set image.pullPolicy=Always
          gcloud run deploy web --image gcr.io/example/web:$GITHUB_SHA
          gcloud run deploy web --source .
          kubectl rollout restart deployment/web
          docker run --rm postgres psql -c "select 1"
          docker run --rm -v $PWD:/x example/tool:latest true
      - run: ssh web@web.example.org "docker run -d example/web:$GITHUB_SHA"
```

```yaml good .github/workflows/restart.yml
on: workflow_dispatch
jobs:
  restart:
    runs-on: ubuntu-latest
    steps:
      - run: kubectl rollout restart deployment/web
  test:
    runs-on: ubuntu-latest
    steps:
      - run: docker run example/web:latest pytest
```
"""

from collections.abc import Iterator

from flask_preflight.artifacts.ci import Job, Pipelines
from flask_preflight.artifacts.products import product_of
from flask_preflight.artifacts.shell import Command
from flask_preflight.rule import Level, Location, Message, Result, Results, rule
from flask_preflight_rules.ci._deployments import deployments, is_manual
from flask_preflight_rules.ci._pushes import judged

MOVES = Message("{0} is deployed by a name that the next push takes over")
PULLED = Message("the restart gets whatever was last pushed under the same name", "restart")
PROGRAMS = ("kubectl", "helm", "gcloud", "docker", "az")


@rule("CIC062", "deploys-mutable-image", "error", "ci-cd")
def check(pipelines: Pipelines) -> Results:
    for one in deployments(pipelines):
        level: Level | None = None if one.production else "warning"
        found = dict.fromkeys(_images(one.job))
        for reference, where in found:
            if judged(reference, where, one.job).stays is False and not product_of(reference):
                yield Result(where, MOVES(reference), level=level)
        restart = _only_restarts(one.job)
        if restart is not None and not is_manual(one.job):
            yield Result(restart.location, PULLED(), level=level)


def _images(job: Job) -> Iterator[tuple[str, Location]]:
    for step in job.steps:
        for command in step.commands:
            if command.program in PROGRAMS:
                yield from _named(command)
        pulled = False
        for command in step.remote:
            words = [word for word in command.words[1:] if not word.startswith("-")]
            if command.program in ("docker", "podman") and words[:1] == ["pull"]:
                pulled = True
                yield words[-1], command.location
            elif command.words[:2] == ("docker", "run") and not pulled:
                yield from _started(command)


def _named(command: Command) -> Iterator[tuple[str, Location]]:
    """The images in a command of an orchestrator."""
    text = command.text
    if text.startswith("kubectl ") and " set image " in f" {text} ":
        for word, where in zip(command.words, command.locations, strict=True):
            name, equals, image = word.partition("=")
            if equals and not name.startswith("-") and image:
                yield image, where
    elif text.startswith("helm "):
        for given, where in command.values("--set", "--set-string"):
            for pair in given.split(","):
                name, _, value = pair.partition("=")
                if name.endswith("image.tag") or name == "tag":
                    yield f"{name.removesuffix('.tag')}:{value}", where
    elif text.startswith(("gcloud run ", "docker service ", "az ")):
        yield from command.values("--image", "--docker-custom-image-name", "--container-image-name")


def _started(command: Command) -> Iterator[tuple[str, Location]]:
    """The image of a `docker run` that stays, where it is the first word with a folder."""
    if command.has("-d", "--detach") and not command.has("--rm"):
        for word, where in zip(command.words[2:], command.locations[2:], strict=True):
            option = word.startswith(("-", "/", ".", "$")) or "=" in word or ":/" in word
            if "/" in word and not option:
                yield word, where
                return


def _only_restarts(job: Job) -> Command | None:
    """A restart that is the whole deployment."""
    deploying = [
        command
        for step in job.steps
        for command in step.commands
        if command.program in PROGRAMS and command.words[1:]
    ]
    kubectl = [one for one in deploying if one.program in ("kubectl", "helm")]
    restarts = [one for one in kubectl if "rollout restart" in one.text]
    others = ("apply", "set", "patch", "replace", "upgrade", "create", "edit", "delete")
    if restarts and not any(word in one.words for one in kubectl for word in others):
        return restarts[0]
    return None
