"""Nothing tells anybody about errors in production.

They stand in a log that nobody reads; users find them first.

Fix: send them to an error tracker, `sentry-sdk[flask]` or another, or to whoever is on call.

Sources: Flask, "Handling Application Errors: Error Logging Tools".

```python bad app.py {3}
from flask import Flask

app = Flask(__name__)
```

```text good requirements.txt
flask==3.1.3
sentry-sdk==2.40.0
```

```python good app.py
from flask import Flask

app = Flask(__name__)
```
"""

from flask_preflight.artifacts.application import Application
from flask_preflight.rule import Message, Result, Results, rule

UNSEEN = Message("nothing tells anybody about the errors of {0}")
PACKAGES = (
    "sentry-sdk raven rollbar bugsnag raygun4py pybrake airbrake honeybadger newrelic ddtrace "
    "elastic-apm appsignal scout-apm opentelemetry-sdk opentelemetry-api "
    "azure-monitor-opentelemetry google-cloud-error-reporting applicationinsights"
).split()


@rule("FLK705", "error-tracking-missing", "note", "observability", sees="absent", enabled=False)
def check(application: Application) -> Results:
    asked = application.packages is None or application.requires(*PACKAGES)
    if not asked and not any(application.extensions("SMTPHandler")):
        yield Result(application.location, UNSEEN(application.title))
