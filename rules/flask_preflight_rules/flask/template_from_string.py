"""A template is made of what a client sent.

Jinja runs what it finds in braces: a client reads the configuration with its keys, and runs code.

Fix: keep the template constant and give it the value, `render_template_string("{{ name }}",
name=name)`.

Sources: Flask, "Security Considerations"; Jinja, "Sandbox"; CWE-1336; CWE-94.

```python bad app.py {8,14}
from flask import Flask, render_template_string, request

app = Flask(__name__)


@app.get("/")
def home():
    return render_template_string("<p>Hello %s</p>" % request.args["name"])


@app.get("/<name>")
def page(name):
    text = f"<p>Hello {name}</p>"
    return render_template_string(text)
```

```python good app.py
from flask import Flask, render_template_string, request

app = Flask(__name__)
PAGE = "<p>Hello {{ name }}</p>"


@app.get("/")
def home():
    return render_template_string(PAGE, name=request.args["name"])
```
"""

from flask_preflight.artifacts.python import Module
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.flask._requests import unchecked

RUNS = Message("a client writes this template, and Jinja runs what it finds in it")


@rule("FLK802", "template-from-string", "error", "security", "CWE-1336", "CWE-94", enabled=False)
def check(module: Module) -> Results:
    for call in unchecked(module, "render_template_string", "from_string"):
        yield Result(call.location, RUNS())
