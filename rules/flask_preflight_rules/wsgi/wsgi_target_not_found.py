"""The server is told to load an application that is not there.

Gunicorn and uWSGI import the named module when they start and look the name up in it. Where either
is missing no worker starts: Gunicorn exits, uWSGI answers every request with an error.

Fix: name a module that the working directory holds, and an attribute that it binds when it is
imported.

Sources: Gunicorn, "Running Gunicorn"; uWSGI, "Quickstart for Python/WSGI applications".

```procfile bad {1}
web: gunicorn shop:application
```

```python bad shop.py
from flask import Flask
app = Flask(__name__)
```

```ini bad deploy/shop.service {3}
[Service]
WorkingDirectory=/srv/shop/backend
ExecStart=/srv/venv/bin/gunicorn ship.web:app
```

```python bad backend/shop/web.py
from flask import Flask
app = Flask(__name__)
```

```procfile bad {1}
web: uwsgi --http-socket :8000 --wsgi-file pay.py --callable application
```

```python bad pay.py
from flask import Flask
app = Flask(__name__)
```

```procfile good
pay: uwsgi --http-socket :8000 --wsgi-file shop.py --callable app
web: gunicorn shop:app
api: gunicorn --chdir api main:app
plugin: gunicorn plugins:late
star: gunicorn star:anything
installed: gunicorn superset.app:app
unknown: gunicorn $APP
```

```python good shop.py
def load():
    global app
    from flask import Flask
    app = Flask(__name__)
load()
```

```python good api/main.py
from shop import app
```

```python good plugins.py
def __getattr__(name):
    return object()
```

```python good star.py
from somewhere import *
```

```text good
flask
apache-superset
```
"""

from flask_preflight.artifacts.wsgi import Server
from flask_preflight.rule import Message, Result, Results, rule

NAMELESS = Message("{0} binds no name {1}, so {2} has no application to serve")
MISSING = Message("there is no module {0} in the working directory, so {1} cannot start", "module")


@rule("WSG103", "wsgi-target-not-found", "error", "wsgi", sees="relation")
def check(server: Server) -> Results:
    module = server.target_module
    if module is not None and not module.open:
        if server.attribute and server.attribute not in module.names:
            said = NAMELESS(module.path, server.attribute, server.program)
            yield Result(server.at("target"), said)
    elif server.missing_module and server.packages is not None:
        first = server.module.partition(".")[0].lower().replace("_", "-")
        if not any(first in name or name in first for name in server.packages):
            yield Result(server.at("target"), MISSING(server.module, server.program))
