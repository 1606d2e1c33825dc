"""Nothing tells when a package of the application becomes known to be vulnerable.

New holes are found in old versions; without an audit or a bot that proposes updates, production
keeps them until somebody happens to look.

Fix: `pip-audit` in the pipeline, on every change and once a week, or Dependabot or Renovate.

Intended: where Dependabot alerts are switched on in the settings of the repository, which no file
shows.

Sources: OWASP Top Ten, A06; pip-audit, "README".

```yaml bad .github/workflows/ci.yml {1}
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: pip install -r requirements.txt
      - run: pytest
```

```python bad app.py
from flask import Flask

app = Flask(__name__)
```

```text bad requirements.txt
flask==3.1.2
```

```yaml good .github/workflows/ci.yml
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: pip install -r requirements.txt
      - run: pytest
      - run: pip-audit -r requirements.txt
```

```python good app.py
from flask import Flask

app = Flask(__name__)
```

```text good requirements.txt
flask==3.1.2
```

```yaml good .github/workflows/ci.yml
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: pytest
```

```python good app.py
from flask import Flask

app = Flask(__name__)
```

```text good requirements.txt
flask==3.1.2
```

```yaml good .github/dependabot.yml
version: 2
updates:
  - package-ecosystem: pip
    directory: /
    schedule: {interval: weekly}
```
"""

from flask_preflight.artifacts.ci import Pipelines
from flask_preflight.facts import Deployment
from flask_preflight.rule import Message, Result, Results, rule

UNTOLD = Message("nobody is told when a package of this application becomes known to be vulnerable")
MANY = 5


@rule("CIC054", "dependencies-not-audited", "warning", "ci-cd", sees="absent")
def check(deployment: Deployment) -> Results:
    if deployment.item("dependency-audit").state != "missing" or _is_collection(deployment):
        return
    for pipelines in deployment[Pipelines]:
        if pipelines.workflows and not any(one.labelled("scan_image") for one in pipelines.all):
            tested = [one for one in pipelines.workflows if one.labelled("test")]
            yield Result((tested or pipelines.workflows)[0].first, UNTOLD())


def _is_collection(deployment: Deployment) -> bool:
    """Whether it shows many small applications, none of which is the product."""
    return len({one.root for one in deployment.applications}) >= MANY
