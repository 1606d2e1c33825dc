"""FLASK_ENV is set, which Flask has not read since version 2.3.

Debug mode depends on FLASK_DEBUG and `--debug` alone. With `production` the line only misleads;
with `development` somebody believes that a switch is thrown which is not there, and the
configuration of production is not the one that is written.

Fix: delete FLASK_ENV, and set what it was meant to choose directly.

Sources: Flask, change log of 2.3.0.

```env bad {2}
FLASK_APP=shop
FLASK_ENV=production
```

```python bad app.py
from flask import Flask
app = Flask(__name__)
```

```env bad deploy/production.env {1}
FLASK_ENV=development
```

```env fixed
FLASK_APP=shop
```

```env good .env
FLASK_ENV=production
```

```text good
flask==2.2.5
```

```python good app.py
from flask import Flask
app = Flask(__name__)
```

```env good .env
FLASK_ENV=production
```

```python good app.py
import os
from flask import Flask
app = Flask(__name__)
app.config.from_object(f"config.{os.environ['FLASK_ENV']}")
```

```env good .env.example
FLASK_ENV=development
```
"""

from flask_preflight.artifacts.env import EnvFile
from flask_preflight.artifacts.requirements import Requirement, may_reach, unit_of
from flask_preflight.facts import Deployment, Environment
from flask_preflight.rule import Message, Result, Results, rule

IDLE = Message("FLASK_ENV={0} does nothing in Flask 2.3 and later")
BELIEVED = Message("FLASK_ENV={0} does nothing since Flask 2.3: debug mode stays off", "believed")


@rule("ENV104", "flask-env-has-no-effect", "note", "configuration")
def check(deployment: Deployment) -> Results:
    applications = deployment.applications
    reads = {read.name for application in applications for read in application.reads}
    if not applications or "FLASK_ENV" in reads:
        return
    sources: list[Environment | EnvFile] = [
        entry.environment for entry in deployment.entries if entry.role == "production"
    ]
    sources += [file for file in deployment[EnvFile] if file.role == "production"]
    files = {file.path for file in deployment[EnvFile]}
    found = {}
    for source in sources:
        variable = source.get("FLASK_ENV")
        if variable is not None and variable.value is not None:
            found[variable.location] = (variable.value, source.get("FLASK_DEBUG") is None)
    for where, (value, alone) in found.items():
        if may_reach(unit_of(deployment[Requirement], where.path), "flask", "2.3"):
            believed = value in ("development", "dev") and alone
            said = BELIEVED(value) if believed else IDLE(value)
            fix = where.emptied("FLASK_ENV") if where.path in files else None
            yield Result(where, said, fix=fix, level="warning" if believed else None)
