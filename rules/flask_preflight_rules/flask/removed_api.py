"""The code imports something that Flask or Werkzeug no longer has.

With the version that is installed, or that the next build of the image installs, the import fails
and the application does not start.

Fix: import it from where it is now: `markupsafe` for `Markup` and `escape`, `werkzeug.middleware`
for the middlewares, `urllib.parse` for the functions about addresses.

Sources: Flask, "Changes"; Werkzeug, "Changes".

```python bad app.py {1,2,3}
from flask import Flask, Markup
from flask.json import JSONEncoder
from werkzeug.urls import url_quote
from werkzeug.security import generate_password_hash

app = Flask(__name__)
```

```text bad requirements.txt
flask==3.1.3
```

```python bad app.py {2,3}
from flask import Flask
from flask import Markup
from werkzeug.wsgi import DispatcherMiddleware

app = Flask(__name__)
```

```python fixed app.py
from flask import Flask
from markupsafe import Markup
from werkzeug.middleware.dispatcher import DispatcherMiddleware

app = Flask(__name__)
```

```python bad app.py
from flask import Flask

app = Flask(__name__)
```

```python bad interactive.py {1}
from flask import _request_ctx_stack
```

```text bad requirements.txt
flask==3.1.3
```

```python good app.py
from flask import Flask
from markupsafe import Markup, escape

try:
    from werkzeug.urls import url_quote
except ImportError:
    from urllib.parse import quote as url_quote

app = Flask(__name__)
```

```python good app.py
from flask import Flask, Markup
from werkzeug.urls import url_quote

app = Flask(__name__)
```

```text good requirements.txt
flask==2.1.3
werkzeug==2.1.2
```
"""

from flask_preflight.artifacts.application import Application
from flask_preflight.artifacts.source import Import
from flask_preflight.rule import Fix, Level, Message, Result, Results, rule
from flask_preflight_rules.flask._removed import MOVED, REMOVED

GONE = Message("{0} is gone since {1} {2}: the application does not start")
ASIDE = Message("{0} is gone since {1} {2}: what imports this file fails", "aside")


@rule("FLK901", "removed-api", "error", "configuration")
def check(application: Application) -> Results:
    for one in application.imports:
        name = _known(one)
        if not name or one.caught or name == "werkzeug.contrib" and one.dotted.endswith("ProxyFix"):
            continue
        package, version = REMOVED[name]
        if _may_be(application, package, version):
            starts = one.location.path in application.modules
            said = (GONE if starts else ASIDE)(one.dotted, package.title(), version)
            level: Level = "error" if starts else "warning"
            yield Result(one.location, said, fix=_fix(one, name), subject=name, level=level)


def _fix(one: Import, name: str) -> Fix | None:
    """Import it from where it is now."""
    if name not in MOVED or not one.alone:
        return None
    return one.location.rewritten(f"from {MOVED[name]} import {one.name}")


def _known(one: Import) -> str:
    """The entry of the table that an import needs."""
    dotted = one.dotted
    if not dotted.startswith(("flask.", "werkzeug.")):
        return ""
    if dotted in REMOVED:
        return dotted
    return next((n for n in ("flask.ext", "werkzeug.contrib") if dotted.startswith(n + ".")), "")


def _may_be(application: Application, package: str, version: str) -> bool:
    """Whether this version, or a later one, may be installed."""
    if application.requires(package):
        return application.may_reach(package, version)
    # Flask asks for the Werkzeug of its time: its own version tells.
    return package == "werkzeug" and application.may_reach("flask", version)
