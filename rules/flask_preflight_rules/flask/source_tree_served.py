"""The folder of the source is served as static files.

Whoever asks for `/app.py` or `/.env` gets it: the source, its passwords and the database file.

Fix: serve a folder that holds nothing else, `static_folder="static"`.

Sources: Flask, "API: Flask(static_folder)"; CWE-538; CWE-552.

```python bad app.py {3}
from flask import Flask

app = Flask(__name__, static_folder=".", static_url_path="")
```

```python bad app.py {5,10,15}
import os

from flask import Flask, send_from_directory

app = Flask(__name__, static_folder=os.getcwd())


@app.get("/<path:name>")
def one(name):
    return send_from_directory(".", name)


@app.get("/files/<path:name>")
def two(name):
    return send_from_directory(app.root_path, name)
```

```python bad shop/__init__.py {3}
from flask import Flask

app = Flask(__name__, static_folder="../shop")
```

```python good app.py
import os

from flask import Flask, send_from_directory

app = Flask(__name__, static_folder="client/dist", static_url_path="")
other = Flask(__name__, static_folder=None)
third = Flask(__name__, static_folder=os.environ["STATIC"])


@app.get("/<path:name>")
def one(name):
    return send_from_directory(app.static_folder, name)


@app.get("/favicon.ico")
def two():
    return send_from_directory(app.root_path, "favicon.ico")


@app.get("/report")
def three():
    name = make_report()
    return send_from_directory(".", name)
```
"""

from posixpath import dirname, join, normpath

from flask_preflight.artifacts.application import Application
from flask_preflight.artifacts.python import Module
from flask_preflight.artifacts.source import Function, Value
from flask_preflight.rule import Message, Result, Results, rule

SERVED = Message("clients can read the source, .env and database files under {0}")
WORKING = ("os.getcwd", "pathlib.Path.cwd", "app.root_path", "flask.current_app.root_path")


@rule("FLK414", "source-tree-served", "error", "security", "CWE-538", "CWE-552")
def check(part: Application | Module) -> Results:
    if isinstance(part, Module):
        yield from _sent(part)
        return
    folder = part.arguments.get("static_folder") or part.arguments.get("2")
    if folder is None:
        return
    if folder.reference in WORKING:
        yield Result(folder.location, SERVED("the working directory"))
    elif folder.kind == "literal" and isinstance(folder.literal, str) and "\0" not in folder.text:
        path = normpath(join(dirname(part.path), folder.text or "."))
        if path in (".", "/") or any(one.startswith(path + "/") for one in part.modules):
            yield Result(folder.location, SERVED(folder.text or "its own folder"))


def _sent(module: Module) -> Results:
    """Views that send any file whose name they are given."""
    views = {one.name: one for one in module.collected if isinstance(one, Function)}
    for call in module.calls("send_from_directory"):
        folder, name = call.argument("0", "directory"), call.argument("1", "path", "filename")
        view = views.get(call.guard.function)
        if folder is None or name is None or view is None or call.guard.use != "route":
            continue
        if name.reference in view.parameters and _is_source(folder):
            yield Result(folder.location, SERVED(folder.text or folder.reference))


def _is_source(folder: Value) -> bool:
    written = folder.kind == "literal" and folder.literal in ("", ".", "./", "..", "/")
    return written or folder.reference.removesuffix("()") in WORKING
