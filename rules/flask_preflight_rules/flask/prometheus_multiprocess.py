"""Each worker has metrics of its own.

A scrape reaches one of them by chance: counters jump back and forth, and rates and alerts that are
computed from them are wrong.

Fix: set `PROMETHEUS_MULTIPROC_DIR`, use `MultiProcessCollector`, and call `mark_process_dead` in
Gunicorn's `child_exit` hook.

Sources: prometheus_client, "Multiprocess Mode"; prometheus-flask-exporter, "WSGI".

```python bad app.py {5}
from flask import Flask
from prometheus_flask_exporter import PrometheusMetrics

app = Flask(__name__)
metrics = PrometheusMetrics(app)
```

```procfile bad Procfile
web: gunicorn -w 4 app:app
```

```python bad app.py {9}
from flask import Flask
from prometheus_client import generate_latest

app = Flask(__name__)


@app.get("/metrics")
def metrics():
    return generate_latest()
```

```procfile bad Procfile
web: gunicorn -w 4 app:app
```

```python good app.py
from flask import Flask
from prometheus_flask_exporter.multiprocess import GunicornPrometheusMetrics

app = Flask(__name__)
metrics = GunicornPrometheusMetrics(app)
```

```procfile good Procfile
web: gunicorn -w 4 app:app
```

```python good app.py
from flask import Flask
from prometheus_flask_exporter import PrometheusMetrics

app = Flask(__name__)
metrics = PrometheusMetrics(app)
```

```dockerfile good Dockerfile
FROM python:3.13-slim
COPY . .
ENV PROMETHEUS_MULTIPROC_DIR=/tmp/metrics
CMD ["gunicorn", "-b", "0.0.0.0:8000", "-w", "4", "app:app"]
```

```python good app.py
from flask import Flask
from prometheus_flask_exporter import PrometheusMetrics

app = Flask(__name__)
metrics = PrometheusMetrics(app)
```

```procfile good Procfile
web: gunicorn -w 1 --threads 8 app:app
```
"""

from flask_preflight.artifacts.application import Application
from flask_preflight.rule import Message, Result, Results, rule

CHANCE = Message("each worker has metrics of its own, and a scrape sees one of them by chance")
VARIABLES = ("PROMETHEUS_MULTIPROC_DIR", "prometheus_multiproc_dir")
HANDLED = (
    "GunicornPrometheusMetrics",
    "GunicornInternalPrometheusMetrics",
    "UWsgiPrometheusMetrics",
    "MultiProcessCollector",
)


@rule("FLK708", "prometheus-multiprocess", "error", "observability")
def check(application: Application) -> Results:
    read = any(read.name in VARIABLES for read in application.reads)
    if read or any(application.extensions(*HANDLED)):
        return
    several = [one for one in application.serving if one.workers.multi]
    given = any(one.environment.provides(name) for one in several for name in VARIABLES)
    given = given or any(
        variable.name in VARIABLES
        for entry in several
        if entry.server
        for variable in [*entry.server.raw_env, *entry.server.exports]
    )
    for call in application.extensions("PrometheusMetrics", "generate_latest", "make_wsgi_app"):
        if several and not given and call.name.startswith("prometheus"):
            related = tuple(one.workers.location for one in several if one.workers.location)
            yield Result(call.location, CHANCE(), related)
