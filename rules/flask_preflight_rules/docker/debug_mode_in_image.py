"""The image switches debugging on.

With FLASK_DEBUG, `flask run` serves Werkzeug's debugger: a page with source and variables for every
error, and a console that runs what a visitor types once its PIN is known. Under another server it
still switches on what the application ties to debug mode, such as reloading and open error pages.

Fix: delete the line, or set it to 0; switch debugging on where the container for development is
started.

Sources: Flask, "Debug Mode"; Werkzeug, "Debugging Applications"; Python, "Development Mode";
CWE-489.

```dockerfile bad {2}
FROM python:3.13-slim
ENV FLASK_DEBUG True
```

```dockerfile bad {3}
FROM python:3.13-slim
ARG FLASK_DEBUG=1
ENV FLASK_DEBUG=$FLASK_DEBUG
```

```dockerfile bad {3,4}
FROM python:3.13-slim AS base
# Flask takes only 0, false and no for off.
ENV FLASK_DEBUG=off
ENV WERKZEUG_DEBUG_PIN=off
FROM base
```

```dockerfile bad {2,4}
FROM python:3.13-slim
ENV PYTHONDEVMODE=1
RUN pip install flask
ENV DEBUG=true
```

```dockerfile bad Dockerfile {2}
FROM python:3.13-slim
ENV FLASK_ENV=development
```

```text bad requirements.txt
flask==2.2.5
```

```dockerfile good
FROM python:3.13-slim
ENV FLASK_DEBUG=1
ENV FLASK_DEBUG=0 PYTHONDEVMODE= PYTHONASYNCIODEBUG=0
ENV FLASK_ENV=production FLASK_APP=debug APP_SETTINGS=config.Development
RUN FLASK_DEBUG=1 flask digest compile
```

```dockerfile good
FROM python:3.13-slim
ARG FLASK_DEBUG="false"
ENV FLASK_DEBUG="${FLASK_DEBUG}" DEBUG=true
ARG LEVEL
ENV PYTHONDEVMODE=$LEVEL
```

```dockerfile good
FROM python:3.13-slim AS base
FROM base AS dev
ENV FLASK_DEBUG=1
FROM base AS final
ENV FLASK_ENV=development
```

```dockerfile good Dockerfile.dev
FROM python:3.13-slim
ENV FLASK_DEBUG=1
```
"""

from flask_preflight.artifacts.env import flask_debug
from flask_preflight.artifacts.image import Image
from flask_preflight.artifacts.requirements import may_reach, resolved
from flask_preflight.facts import Variable
from flask_preflight.rule import Message, Result, Results, rule

DEBUGS = Message("{0}={1} switches Flask's debug mode on in {2}")
UNLOCKED = Message("WERKZEUG_DEBUG_PIN=off opens the debugger's console to everybody", "pin")
SLOWS = Message("{0}={1} makes Python check itself in production", "python")
GENERAL = Message("DEBUG={0} switches debugging on in {1}", "debug")


@rule("DKR403", "debug-mode-in-image", "error", "configuration", "CWE-489")
def check(image: Image) -> Results:
    for name in ("FLASK_DEBUG", "FLASK_ENV"):
        variable = _set(image, name)
        if variable is not None and _flask_debugs(image, variable):
            said = DEBUGS(name, variable.value, image.title)
            yield Result(variable.location, said)
    pin = _set(image, "WERKZEUG_DEBUG_PIN")
    if pin is not None and pin.value == "off":
        yield Result(pin.location, UNLOCKED())
    for name in ("PYTHONDEVMODE", "PYTHONASYNCIODEBUG"):
        variable = _set(image, name)
        if variable is not None and variable.value not in ("", "0"):
            yield Result(variable.location, SLOWS(name, variable.value), level="warning")
    debug = _set(image, "DEBUG")
    if debug is not None and _truthy(str(debug.value)) and "flask" in (image.packages or ()):
        yield Result(debug.location, GENERAL(debug.value, image.title), level="warning")


def _set(image: Image, name: str) -> Variable | None:
    """What a container of the image gets, if that is known and no service replaces it."""
    found = image.variable(name)
    if found is None or found.value is None:
        return None
    runs = [entry for entry in image.runs if entry.role == "production"]
    given = [entry.environment.get(name) for entry in runs]
    replaced = bool(given) and all(
        one is not None and one.location.path != found.location.path for one in given
    )
    return None if replaced else found


def _flask_debugs(image: Image, variable: Variable) -> bool:
    value = str(variable.value)
    if variable.name == "FLASK_DEBUG":
        return flask_debug(value)
    # Flask reads FLASK_ENV up to version 2.2.
    known = resolved(image.requirements, "flask") is not None
    old = known and not may_reach(image.requirements, "flask", "2.3")
    return value in ("development", "dev") and old


def _truthy(value: str) -> bool:
    return value.lower() in ("1", "true", "yes", "on", "t", "y")
