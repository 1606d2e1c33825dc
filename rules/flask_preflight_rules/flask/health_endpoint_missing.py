"""No route says whether the application is well.

An orchestrator or a balancer can then only see whether the port is open, and keeps sending requests
to an application that answers every one of them with an error.

Fix: add a route such as `/healthz` that answers 200 without needing a login.

Intended: when another route of the application serves the purpose; name it in the probe.

Sources: Kubernetes, "Configure Liveness, Readiness and Startup Probes".

```python bad app.py {3}
from flask import Flask

app = Flask(__name__)


@app.get("/orders")
def orders():
    return []
```

```python good app.py
from flask import Blueprint, Flask

app = Flask(__name__)
pages = Blueprint("pages", __name__)


@pages.get("/_health.json")
def health():
    return "ok"


app.register_blueprint(pages, url_prefix="/internal")
```

```python good app.py
from flask import Flask
from healthcheck import HealthCheck

app = Flask(__name__)
HealthCheck(app, "/well")
```

```python good app.py
from importlib import import_module

from flask import Flask

app = Flask(__name__)
for name in app.config["PAGES"]:
    import_module(name).register(app)
```
"""

import re

from flask_preflight.artifacts.application import Application
from flask_preflight.rule import Message, Result, Results, rule

UNSEEN = Message("no route of {0} says whether it is well")
WORDS = frozenset(
    "health healthz healthcheck health-check health_check live livez liveness alive ready readyz "
    "readiness ping pong up status heartbeat lbheartbeat probe monitor".split()
)
PACKAGES = ("flask-healthz", "healthcheck", "py-healthcheck", "flask-health", "dockerflow")


@rule("FLK603", "health-endpoint-missing", "note", "observability", sees="absent")
def check(application: Application) -> Results:
    if not application.knows_all_routes or application.requires(*PACKAGES):
        return
    if any(application.extensions("HealthCheck")) or any(map(_is_health, application.paths)):
        return
    if not any(map(_is_probed, application.probe_answers)):
        clustered = any(
            entry.carrier == "kubernetes" and entry.role == "production"
            for entry in application.entries
        )
        said = UNSEEN(application.title)
        yield Result(application.location, said, level="warning" if clustered else None)


def _is_health(path: str) -> bool:
    segments = [one for one in path.split("/") if one and not one.startswith("<")]
    last = re.sub(r"\.\w+\Z", "", segments[-1]).strip("_-.").lower() if segments else ""
    return last in WORDS


def _is_probed(answer: str) -> bool:
    return answer in ("served", "redirects")
