"""Setting up logging silences the loggers that exist already.

Those of Gunicorn and of extensions that were imported before fall silent: errors of the server and
its access log are gone.

Fix: `"disable_existing_loggers": False`.

Sources: Python, "logging.config: Dictionary Schema Details".

```python bad app.py {6,7}
import logging.config

from flask import Flask

app = Flask(__name__)
logging.config.dictConfig({"version": 1, "root": {"level": "INFO"}})
logging.config.fileConfig("logging.ini")
```

```python bad app.py {5}
from logging.config import fileConfig

from flask import Flask

fileConfig("logging.ini")
app = Flask(__name__)
```

```python fixed app.py
from logging.config import fileConfig

from flask import Flask

fileConfig("logging.ini", disable_existing_loggers=False)
app = Flask(__name__)
```

```python good app.py
import logging.config

from flask import Flask

app = Flask(__name__)
OPTIONS = {"version": 1}
logging.config.dictConfig({"version": 1, "disable_existing_loggers": False})
logging.config.dictConfig({"version": 1, "incremental": True})
logging.config.dictConfig(load_options())
logging.config.fileConfig("logging.ini", disable_existing_loggers=False)
```
"""

from flask_preflight.artifacts.python import Module
from flask_preflight.rule import Message, Result, Results, rule

SILENT = Message("loggers that exist already fall silent, those of Gunicorn among them")
KEYS = ("disable_existing_loggers", "incremental")


@rule("FLK709", "existing-loggers-disabled", "note", "observability", enabled=False)
def check(module: Module) -> Results:
    if any(target.startswith("alembic") for target in module.imports.values()):
        return
    for call in module.calls("dictConfig"):
        given = call.argument("0", "config")
        if given is None or given.kind != "mapping" or not call.name.startswith("logging"):
            continue
        if not any(key in KEYS for key, _ in given.literal):
            yield Result(call.location, SILENT())
    for call in module.calls("fileConfig"):
        kept = call.argument("disable_existing_loggers", "2") is not None
        if call.name.startswith("logging") and not kept and not call.is_open:
            region = call.location.region
            end = region._replace(
                start_line=region.end_line,
                start_column=region.end_column - 1,
                end_column=region.end_column - 1,
            )
            where = call.location._replace(region=end)
            fix = where.rewritten(", disable_existing_loggers=False")
            yield Result(call.location, SILENT(), fix=fix)
