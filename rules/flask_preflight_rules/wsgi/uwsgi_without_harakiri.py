"""uWSGI never ends a request that hangs.

Each of them keeps its worker; when all workers wait, nobody is served until somebody restarts the
server.

Fix: `harakiri = 30`, with a number above the slowest request.

Sources: uWSGI, "Quickstart for Python/WSGI applications: robustness".

```procfile bad {1}
web: uwsgi --http-socket :8000 --master -w app:app
```

```procfile good
web: uwsgi --http-socket :8000 --master --harakiri 30 -w app:app
async: uwsgi --http-socket :8000 --master --gevent 100 -w app:app
elsewhere: uwsgi --ini /etc/uwsgi/base.ini
```
"""

from flask_preflight.artifacts.wsgi import Server
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.wsgi._uwsgi import lacks

FOREVER = Message("uWSGI never ends a request that hangs, so all workers may come to wait")


@rule("WSG504", "uwsgi-without-harakiri", "warning", "wsgi", sees="absent")
def check(server: Server) -> Results:
    if lacks(server, "harakiri", "gevent", "async", "asyncio", "loop"):
        yield Result(server.at(), FOREVER())
