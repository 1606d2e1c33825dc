"""All workers are replaced after the same number of requests.

They serve about equally many, so they restart at about the same moment, and for that moment nobody
answers.

Fix: add `--max-requests-jitter` with five to ten per cent of the number.

Sources: Gunicorn, "Settings: max_requests_jitter".

```procfile bad {1}
web: gunicorn -w 4 --max-requests 1000 app:app
```

```procfile good
web: gunicorn -w 4 --max-requests 1000 --max-requests-jitter 50 app:app
one: gunicorn -w 1 --threads 4 --max-requests 1000 app:app
none: gunicorn -w 4 app:app
off: gunicorn -w 4 --max-requests 0 app:app
given: gunicorn -w 4 --max-requests 1000 --max-requests-jitter $JITTER app:app
```
"""

from flask_preflight.artifacts.wsgi import Server
from flask_preflight.rule import Message, Result, Results, rule

TOGETHER = Message("all workers restart together after {0} requests, and nobody answers then")


@rule("WSG204", "recycling-without-jitter", "warning", "scaling")
def check(server: Server) -> Results:
    most = server.settings.get("max_requests")
    jitter = server.setting("max_requests_jitter")
    if server.kind != "gunicorn" or most is None or jitter is None:
        return
    recycles = isinstance(most.value, int) and most.value > 0
    if recycles and jitter.known and not jitter.value and server.workers.multi is not False:
        yield Result(most.location, TOGETHER(most.value))
