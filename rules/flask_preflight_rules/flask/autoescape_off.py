"""Templates do not escape what they show.

What one user writes runs as a script in the pages of all others.

Fix: delete the setting; mark the one text that is safe with `Markup`.

Sources: Flask, "Templates: Controlling Autoescaping"; CWE-79.

```python bad app.py {4}
from flask import Flask

app = Flask(__name__)
app.jinja_env.autoescape = False
```

```python good app.py
from flask import Flask
from jinja2 import Environment

app = Flask(__name__)
app.jinja_env.autoescape = True
mails = Environment(autoescape=False)
mails.autoescape = False
```
"""

from flask_preflight.artifacts.python import Module
from flask_preflight.rule import Message, Result, Results, rule

RAW = Message("pages do not escape what users wrote, so it runs as a script")


@rule("FLK809", "autoescape-off", "warning", "security", "CWE-79", "B701", "S701", enabled=False)
def check(module: Module) -> Results:
    for assigned in module.assigned("autoescape"):
        value = assigned.value
        off = value.kind == "literal" and value.literal is False
        if off and assigned.name.endswith("jinja_env.autoescape") and assigned.guard.counts:
            yield Result(assigned.location, RAW(), fix=value.instead("True", assigned.location))
