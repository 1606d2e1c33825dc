"""Sentry is set up for development.

It then writes its own debugging into the log, labels production as development, records every
request in full, or sends personal data.

Fix: `debug=False`, take `environment` from the deployment, and sample a few per cent of the
requests.

Sources: Sentry, "Python: Options"; Sentry, "Python: Sampling".

```python bad app.py {7,8,9,10}
import sentry_sdk
from flask import Flask

app = Flask(__name__)
sentry_sdk.init(
    dsn="https://public@sentry.example/1",
    debug=True,
    environment="development",
    traces_sample_rate=1.0,
    send_default_pii=True,
)
```

```python good app.py
import os

import sentry_sdk
from flask import Flask

app = Flask(__name__)
sentry_sdk.init(
    debug=False,
    environment=os.environ["ENVIRONMENT"],
    traces_sample_rate=0.05,
)
if app.debug:
    sentry_sdk.init(debug=True)
```
"""

from flask_preflight.artifacts.python import Call, Module
from flask_preflight.rule import Level, Message, Result, Results, rule

DEBUG = Message("Sentry writes its own debugging into the log", "debug")
LABEL = Message("errors of production are labelled as {0}", "label")
RATE = Message("Sentry records {0} of all requests, which costs time and quota", "rate")
PERSONAL = Message("Sentry gets addresses and cookies of users with every error", "personal")
LABELS = ("development", "dev", "local", "test")
RATES = ("traces_sample_rate", "profiles_sample_rate")


@rule("FLK706", "sentry-settings", "note", "observability", enabled=False)
def check(module: Module) -> Results:
    for call in module.calls("init"):
        if call.name == "sentry_sdk.init" and call.guard.counts:
            yield from _judge(call)


def _judge(call: Call) -> Results:
    serious: Level = "warning"
    debug, label = call.argument("debug"), call.argument("environment")
    if debug is not None and debug.is_on:
        yield Result(debug.location, DEBUG(), level=serious)
    if label is not None and label.kind == "literal" and label.text in LABELS:
        yield Result(label.location, LABEL(label.text), level=serious)
    for name in RATES:
        rate = call.argument(name)
        number = rate.literal if rate is not None and rate.kind == "literal" else None
        if rate is not None and isinstance(number, (int, float)) and number >= 0.5:
            yield Result(rate.location, RATE(f"{number:.0%}"))
    personal = call.argument("send_default_pii")
    if personal is not None and personal.is_on:
        yield Result(personal.location, PERSONAL())
