"""A client writes code or a command that the server runs.

The server is theirs.

Fix: do without: call the function that is meant, and give programs a list of arguments without a
shell.

Sources: Python, "subprocess: Security Considerations"; CWE-95; CWE-78.

```python bad app.py {11,12,13}
import os
import subprocess

from flask import Flask, request

app = Flask(__name__)


@app.post("/")
def home():
    eval(request.form["formula"])
    os.system("ping " + request.args["host"])
    subprocess.run(f"ping {request.args['host']}", shell=True)
    return ""
```

```python good app.py
import subprocess

from flask import Flask, request

app = Flask(__name__)


@app.post("/")
def home():
    subprocess.run(["ping", request.args["host"]], timeout=5)
    eval("1 + 1")
    return ""
```
"""

from flask_preflight.artifacts.python import Module
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.flask._requests import unchecked

RUNS = Message("{0}() runs what a client wrote: the server is theirs")
CODE = ("eval", "exec", "compile", "os.system", "os.popen", "subprocess.getoutput")
SHELL = ("run", "call", "check_call", "check_output", "Popen")


@rule(
    "FLK808",
    "code-from-request",
    "error",
    "security",
    "CWE-95",
    "CWE-78",
    "B307",
    "B102",
    "B602",
    "B605",
    enabled=False,
)
def check(module: Module) -> Results:
    for call in unchecked(module, "eval", "exec", "compile", "system", "popen", "getoutput"):
        if call.name in CODE:
            yield Result(call.location, RUNS(call.name))
    for call in unchecked(module, *SHELL):
        shell = call.argument("shell")
        if call.name.startswith("subprocess.") and shell is not None and shell.is_on:
            yield Result(call.location, RUNS(call.name))
