"""A production process starts Flask's development server.

It was made for one programmer at a desk: it has no worker processes, no time limit for a request,
no graceful stop and no protection against slow clients, and it is not reviewed for security. With
its debugger on, a page with the source of every error is one request away, and whoever gets past
the debugger's PIN runs code on the server.

Fix: start the application with a WSGI server, `gunicorn -b 0.0.0.0:8000 app:app`, and keep the
development server in files for development.

Sources: Flask, "Deploying to Production" and "Development Server"; CWE-489.

```procfile bad {1}
web: flask run --host 0.0.0.0 --port $PORT
```

```ini bad deploy/shop.service {2}
[Service]
ExecStart=/srv/shop/venv/bin/flask --app shop run --debug
```

```procfile good
web: gunicorn shop:app
release: flask db upgrade
routes: flask routes
```

```procfile good Procfile.dev
web: flask run --debug
```

```procfile good
web: ./boot.sh web
```

```sh good boot.sh
#!/bin/sh
case "$1" in
  web) exec gunicorn shop:app ;;
  dev) exec flask run --debug ;;
esac
```
"""

from flask_preflight.artifacts.wsgi import Server
from flask_preflight.rule import Message, Result, Results, rule

SERVES = Message("{0} is Flask's development server, which production load and attacks break")
DEBUGS = Message(
    "{0} is Flask's development server with its debugger, which may run code for visitors",
    "debugger",
)


@rule("WSG101", "development-server-command", "error", "wsgi", "CWE-489")
def check(server: Server) -> Results:
    if server.in_dockerfile:
        return
    if server.kind == "flask-run":
        said = DEBUGS if server.debugger else SERVES
        yield Result(server.at(), said(server.title), subject=server.title)
    elif server.kind == "script" and server.run_calls:
        yield Result(server.at(), SERVES(server.title), tuple(server.run_calls[:3]))
