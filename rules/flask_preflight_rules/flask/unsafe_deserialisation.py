"""What a client sent is turned into objects.

Pickle and its kin run code that the data names: whoever sends it runs code on the server.

Fix: `json.loads`, or `yaml.safe_load`.

Sources: Python, "pickle: Warning"; PyYAML, "Loading YAML"; CWE-502.

```python bad app.py {11,12,13}
import pickle

import yaml
from flask import Flask, request

app = Flask(__name__)


@app.post("/")
def home():
    pickle.loads(request.data)
    yaml.load(request.get_data(), Loader=yaml.Loader)
    yaml.unsafe_load(request.get_data())
    return ""
```

```python good app.py
import json
import pickle

import yaml
from flask import Flask, request

app = Flask(__name__)


@app.post("/")
def home():
    json.loads(request.data)
    yaml.safe_load(request.data)
    yaml.load(request.data, Loader=yaml.SafeLoader)
    return pickle.loads(read_from_cache())
```
"""

from flask_preflight.artifacts.python import Module
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.flask._requests import unchecked

RUNS = Message("{0}() runs code that the client's data names")
OWNERS = ("pickle", "cPickle", "dill", "marshal", "jsonpickle", "cloudpickle", "shelve")
UNSAFE = ("unsafe_load", "unsafe_load_all")
YAML = ("yaml.load", "yaml.unsafe_load", "yaml.unsafe_load_all")


@rule(
    "FLK805",
    "unsafe-deserialisation",
    "error",
    "security",
    "CWE-502",
    "B301",
    "B302",
    "B506",
    enabled=False,
)
def check(module: Module) -> Results:
    for call in unchecked(module, "loads", "load", "decode", "open", *UNSAFE):
        loader = call.argument("1", "Loader")
        safe = loader is not None and loader.reference.endswith(("SafeLoader", "BaseLoader"))
        if call.name.partition(".")[0] in OWNERS or call.name in YAML and not safe:
            yield Result(call.location, RUNS(call.name))
