"""Everything is logged down to the level of debugging.

Libraries then write headers, tokens and personal data into the log, and it grows so fast that what
matters is not found.

Fix: `logging.INFO`, or take the level from the environment.

Sources: Python, "Logging HOWTO"; CWE-532.

```python bad app.py {6,7,8}
import logging

from flask import Flask

app = Flask(__name__)
logging.basicConfig(level=logging.DEBUG)
logging.getLogger().setLevel("DEBUG")
app.logger.setLevel(logging.DEBUG)
```

```python fixed app.py
import logging

from flask import Flask

app = Flask(__name__)
logging.basicConfig(level=logging.INFO)
logging.getLogger().setLevel("INFO")
app.logger.setLevel(logging.INFO)
```

```python good app.py
import logging
import os

from flask import Flask

app = Flask(__name__)
logging.basicConfig(level=os.environ.get("LOG_LEVEL", "INFO"))
logging.getLogger("shop.prices").setLevel(logging.DEBUG)
handler = logging.StreamHandler()
handler.setLevel(logging.DEBUG)
if app.debug:
    app.logger.setLevel(logging.DEBUG)


@app.cli.command()
def sync():
    logging.basicConfig(level=logging.DEBUG)


if __name__ == "__main__":
    logging.basicConfig(level=logging.DEBUG)
```
"""

from flask_preflight.artifacts.python import Call, Module
from flask_preflight.artifacts.source import Value
from flask_preflight.rule import Message, Result, Results, rule

ALL = Message("the log gets everything down to debugging, headers and personal data included")


@rule("FLK703", "debug-log-level", "warning", "observability", "CWE-532")
def check(module: Module) -> Results:
    for call in module.calls("basicConfig"):
        yield from _judge(module, call, call.argument("level"))
    for call in module.calls("setLevel"):
        if _is_root(call):
            yield from _judge(module, call, call.argument("0", "level"))


def _judge(module: Module, call: Call, level: Value | None) -> Results:
    if level is None or module.is_tool or not call.guard.counts or call.guard.branch:
        return
    if level.reference == "logging.DEBUG" or level.literal in ("DEBUG", 10):
        text = "logging.INFO" if level.reference == "logging.DEBUG" else '"INFO"'
        written = level.location.region.end_column - level.location.region.start_column
        fits = level.location.path == module.path and written == len(text) + 1
        yield Result(level.location, ALL(), fix=level.location.rewritten(text) if fits else None)


def _is_root(call: Call) -> bool:
    """Whether it is the root logger or that of an application."""
    owner = call.name.rpartition(".")[0]
    if owner in ("logging.getLogger()", "logging.root"):
        return call.receiver is None or not call.receiver.arguments
    return owner in ("app.logger", "flask.current_app.logger", "application.logger")
