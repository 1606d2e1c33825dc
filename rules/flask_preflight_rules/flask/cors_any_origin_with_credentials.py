"""Every web site may act with the cookies of its visitors.

With credentials Flask-CORS answers with the origin that asked, so the browser lets any page read
what the application says to the user who is signed in, and change it.

Fix: name the origins, `CORS(app, origins=["https://shop.example"], supports_credentials=True)`.

Sources: Flask-CORS, "Configuration"; MDN, "CORS: Requests with credentials"; CWE-942; CWE-346.

```python bad app.py {5}
from flask import Flask
from flask_cors import CORS

app = Flask(__name__)
CORS(app, supports_credentials=True)
```

```python bad app.py {5}
from flask import Flask
from flask_cors import CORS

app = Flask(__name__)
CORS(app, resources={r"/api/*": {"origins": "*", "supports_credentials": True}})
```

```python bad app.py {6,11}
from flask import Flask
from flask_cors import CORS, cross_origin

app = Flask(__name__)
app.config["CORS_SUPPORTS_CREDENTIALS"] = True
CORS(app, origins=["https://shop.example", "*"])
CORS(app, origins="https://shop.example")


@app.get("/me")
@cross_origin(supports_credentials=True)
def me():
    return {}
```

```python good app.py
import os

from flask import Flask
from flask_cors import CORS

app = Flask(__name__)
CORS(app)
CORS(app, origins="*")
CORS(app, origins=["https://shop.example"], supports_credentials=True)
CORS(app, origins=os.environ["ORIGINS"].split(","), supports_credentials=True)
CORS(app, resources={r"/api/*": {"origins": ["https://shop.example"]}}, supports_credentials=True)
CORS(app, supports_credentials=False)
if app.debug:
    CORS(app, supports_credentials=True)
```

```python good app.py
from flask import Flask
from flask_cors import CORS

app = Flask(__name__)
app.config["CORS_ORIGINS"] = ["https://shop.example"]
CORS(app, supports_credentials=True)
```
"""

from collections.abc import Iterator, Mapping

from flask_preflight.artifacts.application import Application
from flask_preflight.artifacts.source import Value
from flask_preflight.rule import Level, Message, Result, Results, rule
from flask_preflight_rules.flask._origins import lets_all_in

ACTS = Message("every web site may read and act with the cookies of users who are signed in")


@rule("FLK410", "cors-any-origin-with-credentials", "error", "security", "CWE-942", "CWE-346")
def check(application: Application) -> Results:
    defaults = {
        key: found.value
        for key in ("origins", "supports_credentials")
        for found in application.production(f"CORS_{key.upper()}")
    }
    for call in application.extensions("CORS", "cross_origin", "init_app"):
        if "cors" not in call.name.lower() and call.last != "cross_origin":
            continue
        given = dict(call.arguments)
        if "**" not in given and any(map(_opens, _resources({**defaults, **given}))):
            level: Level | None = "warning" if call.guard.branch else None
            yield Result(call.location, ACTS(), level=level)


def _resources(options: Mapping[str, Value]) -> Iterator[Mapping[str, Value]]:
    """The options of each resource, those of the call filled in."""
    resources = options.get("resources")
    if resources is None or resources.kind == "literal":
        yield options
    elif resources.kind == "mapping":
        for _, one in resources.literal:
            if one.kind == "mapping":
                yield {**options, **dict(one.literal)}


def _opens(options: Mapping[str, Value]) -> bool:
    credentials = options.get("supports_credentials")
    allowed = credentials is not None and (credentials.is_on or credentials.on_by_default)
    return allowed and lets_all_in(options.get("origins"))
