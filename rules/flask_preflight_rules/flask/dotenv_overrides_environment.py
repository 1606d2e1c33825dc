"""The `.env` file beats the environment.

What the orchestrator, the platform or the CI system sets is then replaced by whatever file lies in
the image or on the host, without a word.

Fix: delete `override=True`; a `.env` file then only fills in what is missing.

Sources: python-dotenv, "Getting Started"; The Twelve-Factor App, "Config".

```python bad app.py {4}
from dotenv import load_dotenv
from flask import Flask

load_dotenv(override=True)
app = Flask(__name__)
```

```python fixed app.py
from dotenv import load_dotenv
from flask import Flask

load_dotenv(override=False)
app = Flask(__name__)
```

```python bad settings.py {4}
from environs import Env

env = Env()
env.read_env(override=True)
DEBUG = env.bool("DEBUG", False)
```

```python good app.py
import os

from dotenv import load_dotenv
from flask import Flask

load_dotenv()
load_dotenv("/run/secrets/app.env", override=True)
load_dotenv(os.environ["ENV_FILE"], override=False)
app = Flask(__name__)
if app.debug:
    load_dotenv(override=True)


@app.cli.command()
def reload():
    load_dotenv(override=True)
```
"""

from flask_preflight.artifacts.python import Call, Module
from flask_preflight.rule import Message, Result, Results, rule

BEATS = Message("a file of variables replaces what the deployment sets in the environment")
MOUNTED = ("/run/", "/var/run/", "/etc/", "/vault/", "/mnt/")


@rule("FLK210", "dotenv-overrides-environment", "warning", "configuration")
def check(module: Module) -> Results:
    for call in module.calls("load_dotenv", "read_env", "read_envfile"):
        given = call.argument("override", "overwrite")
        if given is None or not given.is_on or not _loads(call):
            continue
        if call.guard.counts and not module.is_tool and not _is_mounted(call):
            yield Result(given.location, BEATS(), fix=given.instead("False", call.location))


def _loads(call: Call) -> bool:
    return call.name in ("dotenv.load_dotenv", "load_dotenv") or call.last.startswith("read_env")


def _is_mounted(call: Call) -> bool:
    path = call.argument("0", "dotenv_path", "path", "env_file")
    return path is not None and path.text.startswith(MOUNTED)
