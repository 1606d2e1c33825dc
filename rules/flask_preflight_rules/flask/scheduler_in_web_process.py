"""The processes that serve requests also run the scheduled jobs.

Every worker and every replica starts a scheduler of its own, so each job runs several times at the
same moment: mails go out twice, and reports are written over each other.

Fix: run the scheduler in one process of its own, or let cron, the platform or Celery beat start the
jobs.

Sources: APScheduler, "Frequently Asked Questions: sharing a job store"; The Twelve-Factor App,
"Processes".

```python bad app.py {6}
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

app = Flask(__name__)
scheduler = BackgroundScheduler()
scheduler.start()
```

```procfile bad Procfile
web: gunicorn -w 4 app:app
```

```python bad app.py {10}
from flask import Flask
from flask_apscheduler import APScheduler

scheduler = APScheduler()


def create_app():
    app = Flask(__name__)
    scheduler.init_app(app)
    scheduler.start()
    return app
```

```procfile bad Procfile
web: gunicorn -w 4 "app:create_app()"
```

```python good app.py
import os

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

app = Flask(__name__)
scheduler = BackgroundScheduler()
thread = object()
thread.start()
if os.environ.get("RUN_SCHEDULER"):
    scheduler.start()


@app.cli.command()
def schedule():
    scheduler.start()


if __name__ == "__main__":
    scheduler.start()
```

```procfile good Procfile
web: gunicorn -w 4 app:app
```
"""

from flask_preflight.artifacts.application import Application
from flask_preflight.rule import Message, Result, Results, rule

EACH = Message("every process of {0} runs the scheduled jobs, so each job runs several times")
SCHEDULERS = ("BackgroundScheduler", "GeventScheduler", "APScheduler")


@rule("FLK507", "scheduler-in-web-process", "warning", "scaling")
def check(application: Application) -> Results:
    made = {(one.path, one.target) for one in application.extensions(*SCHEDULERS) if one.target}
    names = {name for _, name in made}
    for call in application.extensions("start"):
        owner = call.name.rpartition(".")[0]
        # The scheduler may come from another module.
        known = (call.path, owner) in made or owner.rpartition(".")[2] in names and "." in owner
        guarded = call.guard.branch and set(call.guard.tested) - {"WERKZEUG_RUN_MAIN"}
        runs = application.starts(call.guard) and call.path in application.modules
        if known and runs and not guarded:
            yield Result(
                call.location, EACH(application.title), level=application.scaled("warning")
            )
