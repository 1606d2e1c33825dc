"""A script holds a secret that it gives to a variable or to a program.

Whoever can read the repository, or the image that the script is copied into, has it; and it stays
in the history after it has been removed.

Fix: read it from the environment, `: "${DB_PASSWORD:?}"`, and give it another value.

Sources: CWE-798.

```sh bad deploy.sh {2,3,4}
#!/bin/sh
export DB_PASSWORD='@@SECRET:password@@'
docker run -e API_TOKEN=@@SECRET:key@@ registry.example.org/shop
SECRET_KEY=changeme
```

```sh good deploy.sh
#!/bin/sh
: "${DB_PASSWORD:?}"
export DB_PASSWORD
PASSWORD=$(cat /run/secrets/db)
TOKEN="$1"
API_TOKEN=<your-token>
docker run -e API_TOKEN="$API_TOKEN" registry.example.org/shop
cat > settings.env <<EOF
SECRET_KEY=${SECRET_KEY}
EOF
```
"""

from flask_preflight.artifacts.text import Text
from flask_preflight.lazy import expression
from flask_preflight.rule import Message, Result, Results, rule

WRITTEN = Message("the value of {0} is in the script, for everyone who can read it", "real")
WEAK = Message("{0} has a value that anybody would guess", "weak")
_STARTS = expression(r"(?i)(?:deploy|start|entry|run|boot|release|provision)[^/]*\Z")
"""Scripts that production is started with; others set up what developers use."""


@rule("SEC016", "secret-in-script", "error", "configuration", "CWE-798")
def check(text: Text) -> Results:
    if text.position != "production" or not text.tracked:
        return
    for found in text.assigned:
        if found.verdict == "real" and found.is_long:
            yield Result(found.location, WRITTEN(found.name))
        elif _STARTS.search(text.path):
            yield Result(found.location, WEAK(found.name), level="warning")
