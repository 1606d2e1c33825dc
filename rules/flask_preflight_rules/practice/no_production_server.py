"""Nothing in the repository starts the application with a production server.

Flask's own server answers without limits on time or memory, and its makers ask not to use it in
production. Whoever deploys the application has to guess how it is meant to run.

Fix: add a WSGI server to the dependencies and start it, for example `gunicorn "shop:create_app()"`,
in a Dockerfile, Procfile or unit file.

Intended: when another repository deploys this one; ignore the rule in the configuration then.

Sources: Flask, "Deploying to Production"; The Twelve-Factor App, "Port binding".

```python bad app.py {3}
from flask import Flask

app = Flask(__name__)
```

```python good app.py
from flask import Flask

app = Flask(__name__)
```

```text good requirements.txt
Flask==3.1.1
gunicorn==23.0.0
```

```python good web.py
from flask import Flask

app = Flask(__name__)
```

```procfile good Procfile
web: waitress-serve web:app
```

```python good library.py
from flask import Blueprint

pages = Blueprint("pages", __name__)
```
"""

from flask_preflight.facts import Deployment
from flask_preflight.rule import Message, Result, Results, rule

NOTHING = Message("nothing in this repository starts {0} with a production server")


@rule("OPS001", "no-production-server", "warning", "wsgi", sees="absent")
def check(deployment: Deployment) -> Results:
    judged = deployment.item("wsgi-server")
    if judged.state == "missing" and not judged.proof:
        for application in deployment.applications:
            if application.role == "production":
                yield Result(application.at(), NOTHING(application.title))
                return
