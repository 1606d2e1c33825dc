"""The key that signs sessions is a word that anybody would try.

Whoever guesses it signs a session for any user, the administrator included.

Fix: draw a long random value, `python -c "import secrets; print(secrets.token_hex())"`, and keep it
in the secret store.

Sources: Flask, "Configuration Handling: SECRET_KEY"; CWE-1188; CWE-521.

```env bad deploy/production.env {1,2}
SECRET_KEY=changeme
JWT_SECRET_KEY=dev
```

```python bad app.py
from flask import Flask

app = Flask(__name__)
```

```ini bad deploy/shop.service {2}
[Service]
Environment=SECRET_KEY=secret
ExecStart=/srv/venv/bin/gunicorn app:app
```

```env good .env.example
SECRET_KEY=changeme
```

```env good .env
SECRET_KEY=changeme
```

```env good deploy/production.env
SECRET_KEY=${SECRET_KEY}
JWT_SECRET_KEY=
LOG_LEVEL=dev
```
"""

from flask_preflight.artifacts.secret import classify, secret_name, signs
from flask_preflight.facts import Deployment
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.env._production import production_variables, unit_variables

GUESSED = Message("{0} is a word that anybody would try: sessions can be signed for any user")


@rule("ENV105", "placeholder-secret-in-env", "error", "configuration", "CWE-1188", "CWE-521")
def check(deployment: Deployment) -> Results:
    for variable in (*production_variables(deployment), *unit_variables(deployment)):
        if not variable.value or not signs(variable.name):
            continue
        kind = secret_name(variable.name) or "key"
        if classify(variable.value, kind, variable.name) in ("weak", "placeholder"):
            yield Result(variable.location, GUESSED(variable.name))
