"""A setting that is given as `False` is on.

`from_prefixed_env` reads values as JSON, which knows `false` and not `False`, `no` or `off`: those
stay texts, and every text is true.

Fix: write `false` or `true`.

Sources: Flask, "API: Config.from_prefixed_env".

```python bad app.py
from flask import Flask

app = Flask(__name__)
app.config.from_prefixed_env()
```

```yaml bad compose.yaml {5}
services:
  web:
    build: .
    environment:
      FLASK_TESTING: "False"
      FLASK_SESSION_COOKIE_SECURE: "true"
      FLASK_GREETING: "no"
```

```dockerfile bad Dockerfile {3}
FROM python:3.13-slim
COPY . .
ENV FLASK_SQLALCHEMY_ECHO=off
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```python bad app.py
from flask import Flask

app = Flask(__name__)
app.config.from_prefixed_env()
```

```env bad deploy/production.env {1}
FLASK_TESTING=False
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
COPY . .
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```yaml bad compose.yaml
services:
  web:
    build: .
    env_file: deploy/production.env
```

```env fixed deploy/production.env
FLASK_TESTING=false
```

```python good app.py
from flask import Flask

app = Flask(__name__)
app.config.from_prefixed_env("SHOP")
```

```yaml good compose.yaml
services:
  web:
    build: .
    environment:
      FLASK_TESTING: "False"
      SHOP_TESTING: "false"
```

```dockerfile good Dockerfile
FROM python:3.13-slim
COPY . .
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```
"""

from flask_preflight.artifacts.flask_keys import BOOLEAN_KEYS
from flask_preflight.facts import Entry, Variable
from flask_preflight.rule import Fix, Message, Result, Results, rule

TEXT = Message("{0}={1} stays a text, which is true: JSON writes false", "text")
OFF = ("False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "f")


@rule("ENV106", "prefixed-boolean-stays-string", "error", "configuration")
def check(entry: Entry) -> Results:
    prefixes = entry.application.prefixes if entry.application is not None else []
    for prefix in prefixes:
        for name in dict.fromkeys(one.name for one in entry.environment.variables):
            variable = entry.environment.get(name)
            if variable is None or variable.value not in OFF or not name.startswith(prefix):
                continue
            if name.removeprefix(prefix) in BOOLEAN_KEYS:
                yield Result(variable.location, TEXT(name, variable.value), fix=_fix(variable))


def _fix(variable: Variable) -> Fix | None:
    """The word of JSON, in a file of variables."""
    text = f"{variable.name}={variable.value}"
    region = variable.location.region
    plain = region.end_column - region.start_column == len(text)
    word = f"{variable.name}={str(variable.value).lower()}"
    known = plain and word.endswith(("=true", "=false"))
    return variable.location.rewritten(word) if known else None
