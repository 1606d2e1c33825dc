"""A deployment runs an image whose name is almost the one that the pipeline pushes.

The cluster goes on with what somebody pushed under that name before, or finds nothing to pull;
what is tested and pushed today is never deployed.

Fix: write the name that is pushed.

Sources: Docker, "docker image push".

```python bad app.py
from flask import Flask

app = Flask(__name__)
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
```

```yaml bad .github/workflows/deploy.yml
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: docker build -t registry.example.org/acme/webapp .
      - run: docker push registry.example.org/acme/webapp
```

```yaml bad compose.yaml {3}
services:
  web:
    image: registry.example.org/acme/web-app:1.4
```

```python good app.py
from flask import Flask

app = Flask(__name__)
```

```dockerfile good Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
```

```yaml good .github/workflows/deploy.yml
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: docker build -t registry.example.org/acme/webapp .
      - run: docker push registry.example.org/acme/webapp
```

```yaml good compose.yaml
services:
  web:
    image: registry.example.org/acme/webapp:1.4
  reports:
    image: registry.example.org/acme/reports:2.0
```
"""

from flask_preflight.facts import Build, Deployment
from flask_preflight.rule import Message, Result, Results, rule

NEAR = Message("{0} runs {1}, but what is built and pushed here is {2}")


@rule("DEP063", "deployed-image-never-built", "warning", "ci-cd", sees="relation")
def check(deployment: Deployment) -> Results:
    built = {_name(name): build for build in deployment[Build] for name in build.names if name}
    seen = set()
    for entry in deployment.entries:
        name = _name(entry.image_reference)
        if entry.role != "production" or entry.image is not None or not name or name in built:
            continue
        for other, build in built.items():
            if _is_near(name, other) and (name, entry.image_location) not in seen:
                seen.add((name, entry.image_location))
                related = (build.location.saying("is built here"),)
                said = NEAR(entry.title, name, other)
                yield Result(entry.image_location or entry.location, said, related)
                break


def _name(reference: str) -> str:
    """The path of an image, without registry, tag and digest; empty where a part is unknown."""
    if "$" in reference or "{" in reference:
        return ""
    path = reference.partition("@")[0]
    first, slash, rest = path.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost"):
        path = rest
    head, slash, last = path.rpartition("/")
    return f"{head}{slash}{last.partition(':')[0]}"


def _is_near(name: str, other: str) -> bool:
    """Whether both are of one owner, and the same but for signs between the words."""
    owner, _, last = name.rpartition("/")
    others, _, theirs = other.rpartition("/")
    if not owner or owner != others:
        return False
    plain = [one.replace("-", "").replace("_", "").replace(".", "") for one in (last, theirs)]
    return plain[0] == plain[1]
