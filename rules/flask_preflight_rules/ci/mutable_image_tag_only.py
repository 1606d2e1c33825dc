"""An image is pushed under names only that the next push takes over.

Nobody can tell which commit runs, two hosts with the same name can run different code, and there is
nothing to go back to.

Fix: push a tag that belongs to the commit as well: `${{ github.sha }}`, `$CI_COMMIT_SHORT_SHA`.

Sources: Docker, "Building best practices: image tags"; Docker, "Manage tags and labels with GitHub
Actions".

```yaml bad .github/workflows/push.yml {10,12,20}
on: {push: {branches: [main]}}
jobs:
  push:
    runs-on: ubuntu-latest
    steps:
      - uses: docker/build-push-action@v6
        with:
          context: .
          push: true
          tags: example/web:latest
      - run: docker build -t example/api .
      - run: docker push example/api
  meta:
    runs-on: ubuntu-latest
    steps:
      - id: meta
        uses: docker/metadata-action@v5
        with: {images: example/web}
      - uses: docker/build-push-action@v6
        with: {push: true, tags: "${{ steps.meta.outputs.tags }}"}
```

```yaml bad .gitlab-ci.yml {2}
push:
  script: docker push $CI_REGISTRY_IMAGE:$CI_COMMIT_REF_SLUG
```

```yaml good .github/workflows/push.yml
on: {push: {branches: [main]}}
jobs:
  push:
    runs-on: ubuntu-latest
    steps:
      - uses: docker/build-push-action@v6
        with:
          push: true
          tags: |
            example/web:latest
            example/web:${{ github.sha }}
      - id: meta
        uses: docker/metadata-action@v5
        with:
          images: example/api
          tags: |
            type=raw,value=latest
            type=sha
      - uses: docker/build-push-action@v6
        with: {push: true, tags: "${{ steps.meta.outputs.tags }}"}
      - uses: docker/build-push-action@v6
        with: {push: false, tags: "example/test:latest"}
      - uses: docker/build-push-action@v6
        with: {push: true, tags: "example/job:${{ needs.version.outputs.tag }}"}
      - run: |
          docker build -t example/worker:latest -t example/worker:$GITHUB_SHA .
          docker push example/worker:latest
          docker push example/worker:$GITHUB_SHA
          docker push --all-tags example/tool
          docker push $IMAGE
          docker push example/x:buildcache
          docker push localhost:5000/x
```

```yaml good .github/workflows/release.yml
on: {push: {tags: ["v*"]}}
jobs:
  push:
    runs-on: ubuntu-latest
    steps:
      - uses: docker/build-push-action@v6
        with: {push: true, tags: "example/web:${{ github.ref_name }}"}
```

```yaml good .github/workflows/both.yml
on: {push: {branches: [main], tags: ["v*"]}}
jobs:
  push:
    runs-on: ubuntu-latest
    steps:
      - id: meta
        uses: docker/metadata-action@v5
        with: {images: example/web}
      - uses: docker/build-push-action@v6
        with: {push: true, tags: "${{ steps.meta.outputs.tags }}"}
```

```yaml good .github/workflows/pull.yml
on: pull_request
jobs:
  push:
    runs-on: ubuntu-latest
    steps:
      - run: docker push example/ci:latest
```

```yaml good .gitlab-ci.yml
push:
  script:
    - docker push $CI_REGISTRY_IMAGE:latest
    - docker push $CI_REGISTRY_IMAGE:$CI_COMMIT_SHORT_SHA
```
"""

from flask_preflight.artifacts.ci import Job
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.ci._pushes import Pushed, pushed

MOVES = Message("{0} is pushed only as {1}, which the next push takes over")


@rule("CIC061", "mutable-image-tag-only", "warning", "ci-cd", "~DL3007")
def check(job: Job) -> Results:
    if job.pipeline.events and job.pipeline.events <= {"pull_request"}:
        return
    names: dict[str, list[Pushed]] = {}
    for one in pushed(job):
        names.setdefault(one.name, []).append(one)
    for name, found in names.items():
        if all(one.stays is False for one in found):
            tags = ", ".join(dict.fromkeys(one.tag or "latest" for one in found))
            said = name or "the image"
            yield Result(found[0].location, MOVES(said, tags if name else "names of branches"))
