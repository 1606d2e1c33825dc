"""A probe asks more often than the rate limit for all views allows.

All requests of a probe come from one address. Soon they are answered with 429, and a healthy
container is restarted or taken out of service: "50 per hour" lets a probe of every 10 seconds
through for 8 minutes.

Fix: `@limiter.exempt` at the view that the probe asks.

Sources: Flask-Limiter, "Rate-limiting domain" and "Exempting routes"; Kubernetes, "Probes".

```python bad app.py
from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

app = Flask(__name__)
limiter = Limiter(
    get_remote_address,
    app=app,
    default_limits=["200 per day", "50 per hour"],
    storage_uri="redis://cache:6379",
)


@app.get("/healthz")
def healthz():
    return "ok"
```

```dockerfile bad Dockerfile {5}
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
HEALTHCHECK --interval=10s CMD curl -f http://localhost:8000/healthz || exit 1
```

```python good app.py
from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

app = Flask(__name__)
limiter = Limiter(get_remote_address, app=app, default_limits=["200 per minute"])


@app.get("/healthz")
def healthz():
    return "ok"
```

```dockerfile good Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
HEALTHCHECK --interval=10s CMD curl -f http://localhost:8000/healthz || exit 1
```

```python good app.py
from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

app = Flask(__name__)
limiter = Limiter(get_remote_address, app=app, default_limits=["50 per hour"])


@app.get("/healthz")
@limiter.exempt
def healthz():
    return "ok"
```

```dockerfile good Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
HEALTHCHECK --interval=10s CMD curl -f http://localhost:8000/healthz || exit 1
```
"""

import re
from collections.abc import Iterator

from flask_preflight.artifacts.application import Application, Route
from flask_preflight.artifacts.source import ExtensionCall
from flask_preflight.facts import Entry, Probe
from flask_preflight.rule import Message, Result, Results, rule

LIMITED = Message('"{0}" answers the {1} of {2} with 429 after {3} s')
LIMIT = re.compile(r"\s*(\d+)\s*(?:/|per)\s*(\d*)\s*(second|minute|hour|day|month|year)s?\s*")
SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
MANY = 50
"""More processes than anybody runs: where their number is unknown, each may count alone."""


@rule("DEP009", "probe-rate-limited", "error", "orchestration", sees="relation")
def check(entry: Entry) -> Results:
    application = entry.application
    if application is None or application.limit_exemptions:
        return
    off = any(one.value.literal is not True for one in application.production("RATELIMIT_ENABLED"))
    calls = [one for one in application.extensions("Limiter") if "flask_limiter" in one.name]
    if off or len(calls) != 1 or not _by_address(calls[0]):
        return
    for probe, path in entry.requests:
        if probe.period and _counts(application.view_of(path, probe.method)):
            reached = list(_reached(calls[0], probe, _counters(application, entry, calls[0])))
            if reached:
                after, limit = min(reached)
                said = LIMITED(limit, probe.title, entry.title, after)
                yield Result(probe.at("path"), said, (calls[0].location.saying("the limits"),))


def _by_address(call: ExtensionCall) -> bool:
    """Whether the key is the address and nothing changes how the limits apply."""
    key = call.argument("key_func", "0")
    plain = not any(name in ("**", "enabled", "key_prefix") for name, _ in call.arguments)
    ways = any(name.startswith("default_limits_") for name, _ in call.arguments)
    return plain and not ways and key is not None and key.reference.endswith("get_remote_address")


def _counts(view: Route | None) -> bool:
    """Whether the limits for all views apply to this one, and no other."""
    if view is None or view.function is None:
        return False
    return not any("limit" in decorator.lower() for decorator in view.function.decorators)


def _counters(application: Application, entry: Entry, call: ExtensionCall) -> int:
    """How many counts there are: one of a shared storage, or one of each process."""
    keys = ("RATELIMIT_STORAGE_URI", "RATELIMIT_STORAGE_URL")
    stores = [one.value.text for key in keys for one in application.production(key)]
    given = call.argument("storage_uri")
    stores += [given.text] if given is not None else []
    shared = bool(stores) and not any(one.startswith("memory://") or not one for one in stores)
    return 1 if shared else entry.workers.high or MANY


def _reached(call: ExtensionCall, probe: Probe, counters: int) -> Iterator[tuple[int, str]]:
    """After how many seconds the probe reaches which limits, inside their window."""
    value = call.argument("default_limits")
    limits = value.literal if value is not None and value.kind == "literal" else None
    for text in limits if isinstance(limits, tuple) else ():
        for one in re.split(r"[,;|]", text) if isinstance(text, str) else ():
            found = LIMIT.fullmatch(one)
            if found is None or found[3] not in SECONDS or not probe.period:
                continue
            window = int(found[2] or 1) * SECONDS[found[3]]
            after = int(found[1]) * counters * probe.period
            if after < window:
                yield int(after), one.strip()
