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
from flask_preflight.rule import Message, Result, Results, rule

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
        yield Result(server.at("target"), said, (function.location.saying("the factory"),))
