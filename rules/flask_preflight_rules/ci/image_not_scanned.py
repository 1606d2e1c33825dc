"""An image is pushed that nothing has looked into.

The packages of its base image have holes of their own, which no audit of Python packages sees.

Fix: `trivy image` or `grype` between the build and the push; fail on what has a fix.

Sources: CIS Docker Benchmark, 4.4.

```yaml bad .github/workflows/ci.yml {8}
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: docker build -t registry.example.org/shop:1 .
      - run: docker push registry.example.org/shop:1
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
```

```yaml good .github/workflows/ci.yml
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: docker build -t registry.example.org/shop:1 .
      - run: trivy image registry.example.org/shop:1
      - run: docker push registry.example.org/shop:1
```

```dockerfile good Dockerfile
FROM python:3.13-slim
```
"""

from flask_preflight.artifacts.ci import Pipelines
from flask_preflight.rule import Message, Result, Results, rule

UNSEEN = Message("nothing looks into the image before it is pushed: known holes go to production")


@rule("CIC055", "image-not-scanned", "warning", "ci-cd", sees="absent")
def check(pipelines: Pipelines) -> Results:
    if any(one.labelled("scan_image") for one in pipelines.all):
        return
    for one in pipelines.workflows:
        pushed = one.labelled("push_image")
        if pushed and not one.opaque:
            yield Result(pushed[0], UNSEEN())
            return
