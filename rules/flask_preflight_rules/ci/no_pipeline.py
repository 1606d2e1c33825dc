"""The repository is deployed, and no pipeline builds or tests it.

Whether a change works is known when it runs in production, and how it gets there is known to those
who have done it.

Fix: add a workflow that installs, tests and builds on every pull request.

Intended: when a system that keeps its files elsewhere does it; ignore the rule in the configuration
then.

Sources: The Twelve-Factor App, "Build, release, run"; GitHub, "Building and testing Python".

```python bad app.py {2}
from flask import Flask
app = Flask(__name__)
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
CMD ["gunicorn", "app:app"]
```

```python good app.py
from flask import Flask
app = Flask(__name__)
```

```dockerfile good Dockerfile
FROM python:3.13-slim
CMD ["gunicorn", "app:app"]
```

```yaml good .circleci/config.yml
version: 2.1
```

```python good app.py
from flask import Flask
app = Flask(__name__)
```

```text good Jenkinsfile
pipeline { agent any }
```

```text good Procfile
web: gunicorn app:app
```

```python good app.py
from flask import Flask
app = Flask(__name__)
```
"""

from flask_preflight.facts import Deployment
from flask_preflight.rule import Message, Result, Results, rule

NONE = Message("no pipeline builds or tests {0} before it is deployed")


@rule("CIC050", "no-pipeline", "warning", "ci-cd", sees="absent")
def check(deployment: Deployment) -> Results:
    if deployment.item("continuous-integration").state != "missing":
        return
    if not any(world.role == "production" for world in deployment.worlds):
        return
    for application in deployment.applications:
        if application.role == "production":
            yield Result(application.at(), NONE(application.title))
            return
