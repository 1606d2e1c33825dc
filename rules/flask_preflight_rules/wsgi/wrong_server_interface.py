"""A server for ASGI runs a Flask application, which speaks WSGI.

The two call an application in different ways: every request ends with an error 500.

Fix: use a WSGI server or worker, `gunicorn shop:app`, or wrap the application,
`WsgiToAsgi(app)`.

Sources: Flask, "Deploying to Production: ASGI"; Uvicorn, "Settings: interface".

```procfile bad {1,2}
web: gunicorn -k uvicorn.workers.UvicornWorker app:app
api: uvicorn app:app
```

```python bad app.py
from flask import Flask

app = Flask(__name__)
```

```procfile good
web: gunicorn app:app
api: uvicorn --interface wsgi app:app
asgi: uvicorn app:asgi
other: hypercorn app:app
fast: uvicorn fast:app
```

```python good app.py
from asgiref.wsgi import WsgiToAsgi
from flask import Flask

app = Flask(__name__)
asgi = WsgiToAsgi(app)
```

```python good fast.py
from fastapi import FastAPI

app = FastAPI()
```
"""

from flask_preflight.artifacts.wsgi import Server
from flask_preflight.rule import Message, Result, Results, rule

SPEAKS = Message("{0} speaks ASGI and {1} WSGI: every request ends with an error 500")
WORKERS = ("uvicorn.workers.", "uvicorn_worker.", "asgi")
SERVERS = ("uvicorn", "daphne", "granian")


@rule("WSG105", "wrong-server-interface", "error", "wsgi")
def check(server: Server) -> Results:
    made = server.application
    if made is None or made.made_by.startswith("connexion."):
        return
    if server.kind == "gunicorn":
        worker = server.worker_class
        if worker is not None and worker.known and str(worker.value).startswith(WORKERS):
            yield Result(server.at("worker_class"), SPEAKS(worker.value, made.title))
    elif server.program in SERVERS and not any("wsgi" in word for word in server.argv[1:]):
        yield Result(server.at(), SPEAKS(server.program, made.title))
