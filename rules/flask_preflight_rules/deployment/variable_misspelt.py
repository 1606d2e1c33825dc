"""A variable is provided under a name that nothing reads, beside one that is read and not provided.

The application runs without the setting that everybody believes it has: on its default, or with an
error at the first request that needs it.

Fix: write the name that the code reads.

Sources: The Twelve-Factor App, "III. Config".

```python bad app.py
from flask import Flask
import os

app = Flask(__name__)
URL = os.environ.get("DATABASE_URL")
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
```

```yaml bad compose.yaml {5}
services:
  web:
    build: .
    environment:
      DATABSE_URL: postgresql://db/shop
```

```python good app.py
from flask import Flask
import os

app = Flask(__name__)
URL = os.environ.get("DATABASE_URL")
FIRST = os.environ.get("DB2_URL")
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
      DATABASE_URL: postgresql://db/shop
      DB1_URL: postgresql://db/one
      SENTRY_DSN: https://key@sentry.example.org/1
```
"""

from flask_preflight.artifacts.source import EnvRead
from flask_preflight.facts import Deployment, Entry, Variable
from flask_preflight.lazy import expression
from flask_preflight.rule import Message, Result, Results, rule

UNREAD = Message("nothing reads {0} of {1}; {2}, which is read, is not provided")
OWN = ("compose", "env")
"""Where a variable is written for one entry alone."""
_LIBRARIES = expression(
    r"(?:PYTHON|PIP|UV|GUNICORN|WEB|UWSGI|FLASK|SENTRY|OTEL|DD|NEW_RELIC|AWS|GOOGLE|GCP|AZURE|CELERY"
    r"|POSTGRES|PG|MYSQL|REDIS|SSL|LC|LANG|TZ|MALLOC|PROMETHEUS|VIRTUAL|LETSENCRYPT|TRAEFIK|NODE"
    r"|HTTPS?|NO|ALL|DOCKER|COMPOSE|PORT|PATH|HOME|DEBUG|TERM|VERSION)(?:_|\Z)|.*_proxy\Z"
)
SHORT = 5
"""Names with fewer letters are close to too many others."""


@rule("DEP041", "variable-misspelt", "warning", "configuration", sees="relation")
def check(deployment: Deployment) -> Results:
    read = {one.name for one in deployment[EnvRead]}
    seen = set()
    for entry in deployment.entries:
        application = entry.application
        if entry.role != "production" or application is None or application.reads_all is not None:
            continue
        missing = {one.name: one for one in application.reads if _lacks(entry, one.name)}
        for variable in entry.environment.variables:
            if variable.name in read or not _is_own(entry, variable) or variable.location in seen:
                continue
            near = next((name for name in missing if is_near(variable.name, name)), "")
            if near:
                seen.add(variable.location)
                where = missing[near].location.saying(f"reads {near}")
                said = UNREAD(variable.name, entry.title, near)
                yield Result(variable.location, said, (where,))


def _lacks(entry: Entry, name: str) -> bool:
    return entry.environment.provides(name) is False


def _is_own(entry: Entry, variable: Variable) -> bool:
    """Whether it is written for this entry, for the application and not for its surroundings."""
    used = any(variable.name in word for word in entry.argv or ())
    return variable.source in OWN and not used and not _LIBRARIES.match(variable.name)


def is_near(given: str, wanted: str) -> bool:
    """Whether a name is another one with one slip: a letter, two that changed places, a word."""
    if min(len(given), len(wanted)) < SHORT or given == wanted or _digits(given) != _digits(wanted):
        return False
    plain = given.replace("_", "").lower(), wanted.replace("_", "").lower()
    if plain[0] == plain[1] or sorted(given.split("_")) == sorted(wanted.split("_")):
        return True
    if given.replace("_URI", "_URL") == wanted.replace("_URI", "_URL"):
        return True
    return _is_one_slip(given, wanted)


def _digits(name: str) -> str:
    return "".join(letter for letter in name if letter.isdigit())


def _is_one_slip(first: str, second: str) -> bool:
    """Whether one letter is missing, added or another, or two neighbours changed places."""
    if len(first) > len(second):
        first, second = second, first
    start = 0
    while start < len(first) and first[start] == second[start]:
        start += 1
    if len(first) == len(second):
        rest, other = first[start:], second[start:]
        swapped = rest[:2] == other[1::-1] and rest[2:] == other[2:]
        return rest[1:] == other[1:] or swapped
    return len(second) == len(first) + 1 and first[start:] == second[start + 1 :]
