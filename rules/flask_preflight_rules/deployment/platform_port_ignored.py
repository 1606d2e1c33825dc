"""The server does not listen where the platform sends requests.

The platform chooses a port and tells it in `PORT`; after some seconds without an answer there it
stops the process.

Fix: `--bind 0.0.0.0:$PORT`, or no `--bind` at all: Gunicorn obeys `PORT` by itself.

Sources: Heroku, "Error codes: R10 Boot timeout"; Render, "Web Services: Port binding".

```procfile bad {1}
web: gunicorn --bind 0.0.0.0:8000 app:app
```

```procfile good
web: gunicorn --bind 0.0.0.0:$PORT app:app
other: gunicorn app:app
worker: celery -A app worker
```
"""

from flask_preflight.artifacts.wsgi import Process, Server
from flask_preflight.rule import Message, Result, Results, rule

ELSEWHERE = Message("the platform sends requests to the port in PORT, {0} listens on {1}")
FORMATS = ("procfile", "heroku", "railway", "nixpacks")


@rule("DEP026", "platform-port-ignored", "error", "wsgi", sees="relation")
def check(server: Server) -> Results:
    part = server.entry.part if server.entry is not None else None
    if not isinstance(part, Process) or part.carrier != "platform" or part.name != "web":
        return
    if part.format not in FORMATS or len(server.binds) != 1:
        return
    bind = server.binds[0]
    given = server.settings.get("bind")
    written = given is not None and given.source in ("cli", "file") and "$" not in given.text
    given_elsewhere = server.around.get("PORT") is not None
    if bind.port is not None and written and not bind.default and not given_elsewhere:
        yield Result(bind.location, ELSEWHERE(server.program, bind.port))
