"""The code imports a module that this Python no longer has.

The import fails, and the application does not start.

Fix: use what took its place (`packaging` for `distutils.version`, `importlib` for `imp`,
`email` for `cgi`), or install the module from the package index.

Sources: Python, "What's New in Python 3.12" and "3.13": Removed.

```dockerfile bad Dockerfile
FROM python:3.13-slim
COPY . .
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```python bad app.py {1,2}
import cgi
from distutils.util import strtobool

from flask import Flask

app = Flask(__name__)
```

```dockerfile good Dockerfile
FROM python:3.11-slim
COPY . .
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```python good app.py
import cgi
from distutils.util import strtobool

from flask import Flask

app = Flask(__name__)
```

```dockerfile good Dockerfile
FROM python:3.13-slim
COPY . .
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```text good requirements.txt
flask
setuptools
```

```python good app.py
from distutils.util import strtobool

from flask import Flask

try:
    import cgi
except ImportError:
    cgi = None

app = Flask(__name__)
```
"""

import re

from flask_preflight.artifacts.application import Application
from flask_preflight.rule import Message, Result, Results, rule

GONE = Message("Python {1} has no module {0}: the application does not start")
IN_3_12 = "distutils imp asyncore asynchat smtpd".split()
IN_3_13 = (
    "cgi cgitb crypt imghdr mailcap msilib nis nntplib ossaudiodev pipes sndhdr spwd sunau "
    "telnetlib uu xdrlib audioop aifc chunk"
).split()
REMOVED = dict.fromkeys(IN_3_12, (3, 12)) | dict.fromkeys(IN_3_13, (3, 13))


@rule("FLK903", "removed-stdlib-module", "error", "configuration", enabled=False)
def check(application: Application) -> Results:
    versions = {
        _version(entry.image.stage.external) for entry in application.serving if entry.image
    }
    if len(versions) != 1 or (version := versions.pop()) is None:
        return
    for one in application.imports:
        name = one.target.partition(".")[0]
        removed = REMOVED.get(name)
        if (
            removed is None
            or version < removed
            or one.caught
            or one.path not in application.modules
        ):
            continue
        if not application.requires(name, f"standard-{name}", f"legacy-{name}", *_kept(name)):
            yield Result(one.location, GONE(name, ".".join(map(str, version))))


def _kept(name: str) -> tuple[str, ...]:
    """Packages that bring the module along."""
    return ("setuptools",) if name == "distutils" else ()


def _version(image: str | None) -> tuple[int, int] | None:
    found = re.search(r"(?:^|/)python:(\d)\.(\d{1,2})", image or "")
    return (int(found[1]), int(found[2])) if found else None
