"""Threads that the application starts never run.

Before 2.0.27 uWSGI did not let Python switch threads unless it was told to: what Sentry, a
scheduler or a metrics exporter does in the background stands still without a word.

Fix: `enable-threads = true`, or uWSGI 2.0.27 or later.

Sources: uWSGI, "Things to know"; uWSGI, "Changelog: 2.0.27".

```procfile bad {1}
web: uwsgi --http-socket :8000 --master -w app:app
```

```python bad app.py
import sentry_sdk
from flask import Flask

app = Flask(__name__)
sentry_sdk.init()
```

```text bad requirements.txt
flask
sentry-sdk
uwsgi==2.0.22
```

```procfile good
web: uwsgi --http-socket :8000 --enable-threads -w app:app
threads: uwsgi --http-socket :8000 --threads 4 -w app:app
```

```python good app.py
from flask import Flask

app = Flask(__name__)
```

```text good requirements.txt
flask
sentry-sdk
uwsgi==2.0.22
```

```procfile good
web: uwsgi --http-socket :8000 -w app:app
```

```python good app.py
from flask import Flask

app = Flask(__name__)
```

```text good requirements.txt
flask
sentry-sdk
uwsgi==2.0.30
```
"""

from flask_preflight.artifacts.application import Application
from flask_preflight.artifacts.wsgi import Server
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.wsgi._uwsgi import lacks

STANDS = Message("uWSGI {0} runs no threads, so the background work of {1} stands still")
THREADED = ("sentry-sdk", "ddtrace", "newrelic", "opentelemetry-sdk", "elastic-apm", "apscheduler")


@rule("WSG505", "uwsgi-threads-off", "error", "wsgi", sees="absent")
def check(server: Server) -> Results:
    made = server.application
    if made is None or not lacks(server, "enable-threads", "threads"):
        return
    version = made.version("uwsgi")
    if version and not made.may_reach("uwsgi", "2.0.27"):
        for user in _users(made)[:1]:
            fix = server.with_line("enable-threads = true")
            yield Result(server.at(), STANDS(version, user), fix=fix)


def _users(application: Application) -> list[str]:
    return [name for name in THREADED if application.requires(name)]
