"""A job runs in, or next to, whatever version of an image is current.

The same commit passes today and fails tomorrow, and the tests talk to another version of the
database than production has.

Fix: name a version, for data stores the one that production runs.

Sources: GitHub, "Workflow syntax: jobs.<job_id>.services"; GitLab, "image"; CWE-1357.

```yaml bad .github/workflows/ci.yml {8}
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    container: python
    services:
      db:
        image: postgres:latest
    steps:
      - uses: docker://alpine:latest
      - run: pytest
```

```yaml bad .github/workflows/lint.yml {5}
on: push
jobs:
  lint:
    runs-on: ubuntu-latest
    container: ghcr.io/astral-sh/ruff
    steps:
      - run: ruff check .
```

```yaml bad .gitlab-ci.yml {5}
image: python:3.13
test:
  services:
    - postgres:17.5
    - name: redis
  script: [pytest]
```

```yaml good .github/workflows/ci.yml
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    container:
      image: registry.example.org:5000/python:3.13
    services:
      db:
        image: postgres@sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d
      cache:
        image: redis:8.2
      given:
        image: ${{ matrix.image }}
    steps:
      - uses: docker://alpine:3.22
      - run: pytest
```

```yaml good .gitlab-ci.yml
default:
  image: ${CI_DEPENDENCY_PROXY_GROUP_IMAGE_PREFIX}/python:3.13
test:
  image: {name: "$CI_REGISTRY_IMAGE:latest", entrypoint: [""]}
  services:
    - name: postgres:17.5
  script: [pytest]
```
"""

from flask_preflight.artifacts.ci import Pipeline, UsedImage
from flask_preflight.artifacts.dockerfile_base import reference
from flask_preflight.artifacts.products import product_of
from flask_preflight.rule import Message, Result, Results, rule

FLOATS = Message("{0}: the jobs run in whatever version is current on that day")
TESTED = Message("{0}: the tests run against whatever version is current, not production's", "data")


@rule(
    "CIC016",
    "unpinned-ci-image",
    "warning",
    "ci-cd",
    "CWE-1357",
    "zizmor:unpinned-images",
    "~DL3007",
)
def check(pipeline: Pipeline) -> Results:
    found = [used for used in pipeline.images if _floats(used)]
    stores = [used for used in found if _is_store(used)]
    for first in (stores or found)[:1]:
        message = (TESTED if stores else FLOATS)(first.reference)
        others = tuple(one.location.saying(one.reference) for one in found if one is not first)
        yield Result(first.location, message, others)


def _floats(used: UsedImage) -> bool:
    image = reference(used.reference)
    return "$" not in used.reference and not image.digest and image.tag in ("", "latest")


def _is_store(used: UsedImage) -> bool:
    product = product_of(used.reference)
    return used.service and product is not None and product.use == "datastore"
