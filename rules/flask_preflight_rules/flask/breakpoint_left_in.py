"""A debugger is started by the code that serves requests.

`breakpoint()` waits for a keyboard that no server has: the worker hangs, or the request ends with
an error. A debugger that listens lets whoever reaches its port run code.

Fix: delete the statement.

Intended: in code that only runs while somebody debugs; guard it with `if app.debug`.

Sources: Python, "breakpoint()"; debugpy, "API"; CWE-489.

```python bad app.py {6,13,14,15}
import debugpy
import pdb as db

from flask import Flask

debugpy.listen(("0.0.0.0", 5678))
app = Flask(__name__)


@app.get("/")
def home():
    from IPython import embed
    breakpoint()
    db.set_trace()
    embed()
    return ""
```

```python bad app.py {8}
import os

from flask import Flask

app = Flask(__name__)
if os.environ.get("REMOTE_DEBUG"):
    import debugpy
    debugpy.listen(("0.0.0.0", 5678))
    debugpy.wait_for_client()
```

```python bad app.py {9}
from flask import Flask

app = Flask(__name__)


@app.errorhandler(500)
def failed(fault):
    if "shop" in str(fault):
        breakpoint()
    return "", 500
```

```python fixed app.py
from flask import Flask

app = Flask(__name__)


@app.errorhandler(500)
def failed(fault):
    if "shop" in str(fault):
        pass
    return "", 500
```

```python good app.py
import pdb

from flask import Flask

app = Flask(__name__)


class Page:
    def set_trace(self, name):
        self.trace = name


page = Page()
page.set_trace("home")


@app.cli.command()
def look():
    breakpoint()


if __name__ == "__main__":
    pdb.set_trace()
    app.run()
```
"""

from flask_preflight.artifacts.python import Call, Module
from flask_preflight.rule import Fix, Message, Result, Results, rule

WAITS = Message("{0}() waits for a keyboard, so the worker hangs or the request fails", "waits")
REMOTE = Message("{0}() lets a debugger from elsewhere run code in the server", "remote")
TRACERS = ("pdb", "ipdb", "pudb", "web_pdb", "celery.contrib.rdb", "remote_pdb", "wdb", "rpdb")
DEBUGGERS = "listen connect enable_attach break_into_debugger settrace".split()


@rule("FLK111", "breakpoint-left-in", "error", "wsgi", "CWE-489", "T100")
def check(module: Module) -> Results:
    for call in module.calls("breakpoint", "set_trace", "post_mortem", "embed", "interact"):
        if _stops(call) and call.guard.counts and not module.is_tool:
            yield Result(call.location, WAITS(call.name), fix=_fix(call))
    for call in module.calls(*DEBUGGERS):
        guard = call.guard
        if not _is_remote(call) or guard.where == "main" or guard.use == "cli" or module.is_tool:
            continue
        yield Result(call.location, REMOTE(call.name), level="note" if guard.branch else None)


def _stops(call: Call) -> bool:
    owner = call.name.rpartition(".")[0]
    if call.name in ("breakpoint", "sys.breakpointhook", "IPython.embed", "code.interact"):
        return True
    return call.last in ("set_trace", "post_mortem") and owner in TRACERS


def _fix(call: Call) -> Fix | None:
    """`pass` in its place, which also fits where it is alone in its block."""
    return call.location.rewritten("pass") if call.is_statement else None


def _is_remote(call: Call) -> bool:
    owner = call.name.rpartition(".")[0]
    return owner in ("debugpy", "ptvsd") or call.last == "settrace" and "pydevd" in owner
