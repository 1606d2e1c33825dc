"""Background tasks run inside the request that starts them.

The switch is for tests: with it nothing is queued, the visitor waits for every e-mail and report,
and a task that fails takes the request with it.

Fix: remove the setting; tests set it themselves.

Sources: Celery, "Configuration: task_always_eager"; Flask-RQ2, "Configuration: RQ_ASYNC".

```python bad app.py {4,5}
from flask import Flask

app = Flask(__name__)
app.config["CELERY_TASK_ALWAYS_EAGER"] = True
app.config["RQ_ASYNC"] = False
```

```python fixed app.py
from flask import Flask

app = Flask(__name__)
app.config["CELERY_TASK_ALWAYS_EAGER"] = False
app.config["RQ_ASYNC"] = True
```

```python bad app.py {6,7,8}
from celery import Celery
from flask import Flask

app = Flask(__name__)
celery = Celery("shop")
celery.conf.update(task_always_eager=True)
celery.conf.task_always_eager = True
Celery("other", task_always_eager=True)
```

```python bad app.py
from flask import Flask

app = Flask(__name__)
app.config.from_object("settings")
```

```python bad settings.py {3}
import os

CELERY_ALWAYS_EAGER = os.environ.get("EAGER", "1") == "1"
```

```python good app.py
import os

from celery import Celery
from flask import Flask

app = Flask(__name__)
app.config["CELERY_TASK_ALWAYS_EAGER"] = os.environ.get("EAGER") == "1"
app.config["RQ_ASYNC"] = True
celery = Celery("shop")
if app.testing:
    celery.conf.update(task_always_eager=True)


class TestConfig:
    CELERY_TASK_ALWAYS_EAGER = True
```
"""

from flask_preflight.artifacts.application import Application
from flask_preflight.artifacts.python import Module
from flask_preflight.rule import Message, Result, Results, rule

EAGER = Message("{0} makes background tasks run inside the request that starts them", "eager")
DEFAULT = Message("background tasks run inside the request unless {0} says otherwise", "default")
KEYS = ("CELERY_TASK_ALWAYS_EAGER", "CELERY_ALWAYS_EAGER", "TASK_ALWAYS_EAGER")


@rule("FLK514", "tasks-run-eagerly", "error", "scaling")
def check(part: Application | Module) -> Results:
    if isinstance(part, Module):
        yield from _in_celery(part)
        return
    for key in KEYS:
        for found in part.production(key):
            if found.value.is_on:
                fix = found.value.instead("False", found.location)
                yield Result(found.location, EAGER(key), fix=fix)
            elif found.value.on_by_default:
                yield Result(found.location, DEFAULT(found.value.names[0]), level="warning")
    for found in part.production("RQ_ASYNC"):
        if found.value.is_off:
            fix = found.value.instead("True", found.location)
            yield Result(found.location, EAGER("RQ_ASYNC"), fix=fix)


def _in_celery(module: Module) -> Results:
    for call in module.calls("update", "Celery"):
        value = call.argument("task_always_eager")
        if value is not None and value.is_on and call.guard.counts:
            yield Result(value.location, EAGER("task_always_eager"))
    for assigned in module.assigned("task_always_eager"):
        if assigned.value.is_on and assigned.guard.counts:
            yield Result(assigned.value.location, EAGER("task_always_eager"))
