"""The application reads a variable that nothing provides where it runs.

`os.environ["NAME"]` raises `KeyError` while the application is imported: no worker starts, and the
container is restarted for ever.

Fix: give the variable to the service, or read it with a default that is safe in production.

Sources: The Twelve-Factor App, "Config"; Python, "os.environ".

```python bad app.py
import os

from flask import Flask

app = Flask(__name__)
app.config["MAIL_SERVER"] = os.environ["MAIL_SERVER"]


@app.get("/")
def home():
    return os.environ["GREETING"]
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
```

```yaml bad compose.yaml {4,4}
services:
  web:
    build: .
    environment:
      GREETINGS: hello
```

```python good app.py
import os

from flask import Flask

app = Flask(__name__)
app.config["MAIL_SERVER"] = os.environ["MAIL_SERVER"]
app.config["MAIL_PORT"] = os.environ.get("MAIL_PORT")
app.config["HOME"] = os.environ["HOME"]
if "PROXY" in os.environ:
    app.config["PROXY"] = os.environ["PROXY"]
try:
    app.config["REGION"] = os.environ["REGION"]
except KeyError:
    app.config["REGION"] = "eu"
```

```dockerfile good Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
```

```yaml good compose.yaml
services:
  web:
    build: .
    environment:
      MAIL_SERVER: ${MAIL_SERVER}
  passed_through:
    build: .
    environment: [MAIL_SERVER]
  unseen:
    build: .
    env_file: of-this-machine.env
  exported:
    build: .
    command: sh -c "export MAIL_SERVER=mail && exec gunicorn -b 0.0.0.0:8000 app:app"
```
"""

from flask_preflight.facts import Entry
from flask_preflight.rule import Level, Message, Result, Results, rule

STOPS = Message("{0} stops at start: {1} is read at {2} and provided nowhere", "boot")
FAILS = Message("{0} fails when it reads {1} at {2}: the variable is provided nowhere", "use")


@rule("DEP040", "required-variable-missing", "error", "configuration", sees="relation")
def check(entry: Entry) -> Results:
    application = entry.application
    if application is None or not entry.environment.closed:
        return
    for name, reads in application.required.items():
        if entry.environment.provides(name) is not False:
            continue
        first = next((read for read in reads if read.at_start), reads[0])
        place = f"{first.location.path}:{first.location.region.start_line}"
        said = (STOPS if first.at_start else FAILS)(entry.title, name, place)
        related = tuple(read.location.saying(f"reads {name}") for read in reads[:5])
        level: Level | None = None if first.at_start else "warning"
        yield Result(entry.at("environment"), said, related, level=level)
