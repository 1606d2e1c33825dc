"""A probe asks for a page that only users who signed in may see.

A probe does not sign in. Where the view answers 401 it fails every time, so the container is
restarted or never gets traffic; where it redirects to a login page, `curl -f` and the kubelet are
content with that, and the check passes without ever running.

Fix: let the probe ask a view without a login, which says nothing that is not public.

Intended: never for a probe; leave the page for people as it is and add another.

Sources: Kubernetes, "Configure Liveness, Readiness and Startup Probes"; Flask-Login, "Protecting
views".

```python bad app.py
from flask import Flask
from flask_login import LoginManager, login_required

app = Flask(__name__)
LoginManager(app)


@app.get("/healthz")
@login_required
def healthz():
    return "ok"
```

```dockerfile bad Dockerfile {5}
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
HEALTHCHECK CMD curl -f http://localhost:8000/healthz || exit 1
```

```python bad app.py
from flask import Flask
from flask_httpauth import HTTPBasicAuth

app = Flask(__name__)
auth = HTTPBasicAuth()


@app.get("/healthz")
# for the monitoring
@auth.login_required
def healthz():
    return "ok"
```

```dockerfile bad Dockerfile {5}
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
HEALTHCHECK CMD curl -f http://localhost:8000/healthz || exit 1
```

```python good app.py
from flask import Flask
from flask_jwt_extended import JWTManager, jwt_required
from flask_login import login_required

app = Flask(__name__)
JWTManager(app)


@app.get("/healthz")
@jwt_required(optional=True)
def healthz():
    return "ok"


@login_required
@app.get("/decorated-too-late")
def late():
    return "ok"


@app.get("/private")
@jwt_required()
def private():
    return "ok"
```

```dockerfile good Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
HEALTHCHECK CMD curl -f http://localhost:8000/healthz && curl -f localhost:8000/decorated-too-late
```

```yaml good compose.yaml
services:
  web:
    build: .
    healthcheck:
      test: 'curl -f -H "Authorization: Bearer $$TOKEN" http://localhost:8000/private || exit 1'
```
"""

from flask_preflight.artifacts.application import Application
from flask_preflight.facts import Entry, Probe
from flask_preflight.rule import Message, Result, Results, rule

ASKS = Message("the {0} of {1} asks for {2}, which {3} keeps for users who signed in")
LOGINS = ("flask_login.login_required", "flask_login.fresh_login_required")
TOKENS = ("flask_jwt_extended.jwt_required", "flask_jwt_extended.fresh_jwt_required")
REFUSERS = ("HTTPBasicAuth", "HTTPTokenAuth", "HTTPDigestAuth", "MultiAuth")


@rule("DEP003", "probe-behind-login", "error", "orchestration", "~CWE-306", sees="relation")
def check(entry: Entry) -> Results:
    application = entry.application
    if application is None or application.production("LOGIN_DISABLED"):
        return
    for probe, path in entry.requests:
        view = None if _signs_in(probe) else application.view_of(path, probe.method)
        for decorator in view.function.decorators if view and view.function else ():
            # Whether Flask-Login refuses or redirects is set on an object, anywhere.
            refuses = _refuses(application, decorator)
            if view and (refuses or decorator.partition("(")[0] in LOGINS):
                name = decorator.partition("(")[0].rpartition(".")[2]
                said = ASKS(probe.title, entry.title, path, f"@{name}")
                related = (view.location.saying(f"serves {view.path}"),)
                where = probe.at("path")
                yield Result(where, said, related, level="error" if refuses else "warning")
                break


def _signs_in(probe: Probe) -> bool:
    return any(name.lower() in ("authorization", "cookie", "x-api-key") for name in probe.headers)


def _refuses(application: Application, decorator: str) -> bool:
    """Whether the decorator answers 401 to requests without credentials."""
    name, _, given = decorator.partition("(")
    if "optional" in given:
        return False
    if name in TOKENS:
        return True
    holder, _, method = name.rpartition(".")
    made = {call.target for call in application.extensions(*REFUSERS)}
    return method == "login_required" and holder.rpartition(".")[2] in made - {""}
