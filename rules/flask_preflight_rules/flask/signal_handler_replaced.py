"""The application takes over a signal that its server needs.

Gunicorn installs its handlers before it imports the application, so the application's handler
replaces them: a graceful stop then waits until the whole timeout is over and workers are killed.

Fix: delete the handler; clean up in Gunicorn's `worker_exit` hook or with `atexit`.

Sources: Gunicorn, "Signal Handling".

```python bad app.py {6}
import signal

from flask import Flask

app = Flask(__name__)
signal.signal(signal.SIGTERM, lambda *_: None)
```

```procfile bad Procfile
web: gunicorn -w 4 app:app
```

```python good app.py
import signal

from flask import Flask

app = Flask(__name__)
signal.signal(signal.SIGUSR2, lambda *_: None)


def work():
    signal.signal(signal.SIGTERM, lambda *_: None)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, lambda *_: None)
    app.run()
```

```python good worker.py
import signal

signal.signal(signal.SIGTERM, lambda *_: None)
```

```procfile good Procfile
web: gunicorn -w 4 app:app
```
"""

from flask_preflight.artifacts.application import Application
from flask_preflight.rule import Message, Result, Results, rule

REPLACED = Message("the handler for {0} replaces the server's: stopping waits for the kill")
NEEDED = ("signal.SIGTERM", "signal.SIGINT", "signal.SIGQUIT")


@rule("FLK604", "signal-handler-replaced", "warning", "wsgi")
def check(application: Application) -> Results:
    for call in application.extensions("signal", "add_signal_handler"):
        which = call.argument("0", "signalnum", "sig")
        if which is None or which.reference not in NEEDED:
            continue
        if application.starts(call.guard) and application.served(call.path):
            yield Result(call.location, REPLACED(which.reference.removeprefix("signal.")))
