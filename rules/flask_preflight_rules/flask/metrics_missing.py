"""The application measures nothing.

Whether it becomes slower or fails more often shows only when users complain.

Fix: export metrics, with `prometheus-flask-exporter` or OpenTelemetry.

Sources: Prometheus, "Instrumentation"; OpenTelemetry, "Flask Instrumentation".

```python bad app.py {3}
from flask import Flask

app = Flask(__name__)
```

```text good requirements.txt
flask==3.1.3
prometheus-client==0.22.0
```

```python good app.py
from flask import Flask

app = Flask(__name__)
```

```text good requirements.txt
flask==3.1.3
gunicorn==23.0.0
```

```procfile good
web: gunicorn --statsd-host=localhost:8125 app:app
```

```python good app.py
from flask import Flask

app = Flask(__name__)
```
"""

from flask_preflight.artifacts.application import Application
from flask_preflight.rule import Message, Result, Results, rule

UNMEASURED = Message("{0} measures nothing: that it fails more often shows in complaints only")
PACKAGES = (
    "prometheus-client prometheus-flask-exporter prometheus-flask-instrumentator statsd datadog "
    "ddtrace newrelic elastic-apm opentelemetry-sdk opentelemetry-api appsignal scout-apm "
    "azure-monitor-opentelemetry sentry-sdk aiostatsd pystatsd"
).split()


@rule("FLK707", "metrics-missing", "note", "observability", sees="absent", enabled=False)
def check(application: Application) -> Results:
    if application.packages is None or application.requires(*PACKAGES):
        return
    servers = application.servers
    if not any("statsd_host" in one.settings or "stats" in one.settings for one in servers):
        yield Result(application.location, UNMEASURED(application.title))
