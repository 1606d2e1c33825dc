"""The server is given the application factory where it needs the application.

A WSGI server calls what it is given once per request, with the environment and a callback. A
factory takes other arguments, or makes a new application each time: every request ends in an error
500, while the port is open and the process looks healthy.

Fix: call the factory in the target, `gunicorn "shop:create_app()"`, or with Waitress
`waitress-serve --call shop:create_app`.

Sources: Gunicorn, "Running Gunicorn" (application factories); Waitress, "waitress-serve"; measured
with Gunicorn 27: `create_app() takes 0 positional arguments but 2 were given`.

```procfile bad {1}
web: gunicorn -w 4 shop:create_app
```

```python bad shop.py
from flask import Flask
def create_app(config=None):
    return Flask(__name__)
```

```ini bad deploy/shop.service
[Service]
WorkingDirectory=/srv/shop
ExecStart=/srv/venv/bin/uwsgi --ini deploy/uwsgi.ini
```

```ini bad deploy/uwsgi.ini {3}
[uwsgi]
http-socket = :8000
module = shop:create_app
```

```ini fixed deploy/uwsgi.ini
[uwsgi]
http-socket = :8000
module = shop:create_app()
```

```dockerfile bad Dockerfile {3}
FROM python:3.13-slim
COPY . .
CMD ["gunicorn", "--bind=0.0.0.0:8000", "shop:create_app"]
```

```python bad shop.py
from flask import Flask
def create_app(config=None):
    return Flask(__name__)
```

```dockerfile fixed Dockerfile
FROM python:3.13-slim
COPY . .
CMD ["gunicorn", "--bind=0.0.0.0:8000", "shop:create_app()"]
```

```procfile bad {1}
web: waitress-serve --call shop:app
```

```python bad shop.py
from flask import Flask
app = Flask(__name__)
```

```procfile good
web: gunicorn "shop:create_app()"
raw: gunicorn shop:application
made: gunicorn shop:wrapped
any: gunicorn shop:flexible
wait: waitress-serve --call shop:create_app
```

```python good shop.py
from flask import Flask
def create_app():
    return Flask(__name__)
def application(environ, start_response):
    return create_app()(environ, start_response)
@middleware
def wrapped():
    return create_app()
def flexible(*args):
    return create_app()(*args)
```
"""

from flask_preflight.artifacts.wsgi import Server
from flask_preflight.result import Region
from flask_preflight.rule import Fix, Message, Replacement, Result, Results, rule

UNCALLED = Message("{0} is a factory that {1} would call for each request, which fails every time")
CALLED = Message("{0} is an application, not a factory: {1} cannot start with it", "called")


@rule("WSG104", "factory-not-called", "error", "wsgi", sees="relation")
def check(server: Server) -> Results:
    module = server.target_module
    if module is None or server.kind in ("flask-run", "script"):
        return
    function = module.functions.get(server.attribute)
    if server.calls:
        named = server.flag("factory") is True and server.attribute in module.applications
        if named and "(" not in server.target:
            yield Result(server.at("target"), CALLED(server.target, server.program))
    elif function is not None and not function.variadic and function.required < 2:
        said = UNCALLED(server.target, server.program)
        fix = _fix(server) if function.required == 0 else None
        yield Result(server.at("target"), said, (function.location.saying("the factory"),), fix)


def _fix(server: Server) -> Fix | None:
    """Call it; only where the word stands in quotes or at the end of a line of its own."""
    setting, kind = server.target_setting, server.kind
    if setting is None or kind not in ("gunicorn", "uwsgi") or not server.target:
        return None
    where, size = setting.location, len(server.target)
    region = where.region
    if region.start_line != region.end_line:
        return None
    quoted = region.end_column - region.start_column == size + 2
    if not quoted and not (kind == "uwsgi" and setting.alone):
        return None
    end = region.end_column - quoted
    place = Region(region.end_line, end, region.end_line, end)
    return Fix("call it", (Replacement(where.path, place, "()"),), safe=True)
