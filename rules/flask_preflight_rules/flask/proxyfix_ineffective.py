"""`ProxyFix` is there but does nothing, or stops the application.

It returns a new WSGI application. When that is dropped, the server still calls the old one, and
every client has the proxy's address and scheme.

Fix: `app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)`.

Sources: Flask, "Tell Flask it is Behind a Proxy"; Werkzeug, "X-Forwarded-For Proxy Fix".

```python bad app.py {5,6,7}
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

app = Flask(__name__)
ProxyFix(app.wsgi_app, x_for=1)
app.wsgi_app = ProxyFix(app.wsgi_app, num_proxies=1)
app.wsgi_app = ProxyFix(app, x_for=1)
```

```python bad app.py {2}
from flask import Flask
from werkzeug.contrib.fixers import ProxyFix

app = Flask(__name__)
app.wsgi_app = ProxyFix(app.wsgi_app)
```

```python fixed app.py
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

app = Flask(__name__)
app.wsgi_app = ProxyFix(app.wsgi_app)
```

```python good app.py
from flask import Flask

try:
    from werkzeug.middleware.proxy_fix import ProxyFix
except ImportError:
    from werkzeug.contrib.fixers import ProxyFix


class Shop(Flask):
    def __init__(self):
        super().__init__(__name__)
        self.wsgi_app = ProxyFix(self.wsgi_app, x_for=1)


def create_app():
    app = Flask(__name__)
    app.wsgi_app = ProxyFix(
        app.wsgi_app, x_for=1, x_proto=1
    )
    return app


app = create_app()
application = ProxyFix(app)
```

```python good app.py
from flask import Flask
from werkzeug.contrib.fixers import ProxyFix

app = Flask(__name__)
app.wsgi_app = ProxyFix(app.wsgi_app)
```

```text good requirements.txt
flask==1.0.4
werkzeug==0.16.1
```
"""

from flask_preflight.artifacts.application import Application
from flask_preflight.artifacts.source import ExtensionCall
from flask_preflight.rule import Message, Result, Results, rule

DROPPED = Message("what ProxyFix returns is dropped, so nobody reads the headers", "dropped")
ENDLESS = Message("{0} calls itself through ProxyFix: every request ends in a recursion", "endless")
ARGUMENT = Message("Werkzeug 1.0 dropped num_proxies: the application does not start", "argument")
GONE = Message("werkzeug.contrib.fixers is gone since 1.0: the application does not start", "gone")


@rule("FLK402", "proxyfix-ineffective", "error", "configuration")
def check(application: Application) -> Results:
    modern = not application.requires("werkzeug") or application.may_reach("werkzeug", "1.0")
    for call in application.extensions("ProxyFix"):
        if call.alone:
            yield Result(call.location, DROPPED())
        elif _wraps_itself(call):
            yield Result(call.location, ENDLESS(call.target.rpartition(".")[0]))
        elif modern and call.argument("num_proxies") is not None:
            yield Result(call.location, ARGUMENT())
    for one in application.imports:
        if one.target == "werkzeug.contrib.fixers" and modern and not one.caught:
            text = "from werkzeug.middleware.proxy_fix import ProxyFix"
            alone = one.name == "ProxyFix" and one.alone
            yield Result(one.location, GONE(), fix=one.location.rewritten(text) if alone else None)


def _wraps_itself(call: ExtensionCall) -> bool:
    """Whether the application is put in the place of its own inner part."""
    owner, _, name = call.target.rpartition(".")
    wrapped = call.argument("0", "app")
    return name == "wsgi_app" and wrapped is not None and wrapped.reference == owner
