"""Rate limits are counted in the memory of each process.

Every worker and every replica counts for itself, so the limit is multiplied by their number, and
each restart begins to count again.

Fix: give the limiter a store that all processes share, `storage_uri=os.environ["REDIS_URL"]`.

Intended: with one process only.

Sources: Flask-Limiter, "Configuring a storage backend".

```python bad app.py {6}
from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

app = Flask(__name__)
limiter = Limiter(get_remote_address, app=app)
```

```python bad app.py {5}
from flask import Flask
from flask_limiter import Limiter

app = Flask(__name__)
limiter = Limiter(app=app, storage_uri="memory://")
```

```procfile bad Procfile
web: gunicorn -w 4 app:app
```

```python good app.py
import os

from flask import Flask
from flask_limiter import Limiter

app = Flask(__name__)
limiter = Limiter(app=app, storage_uri=os.environ["REDIS_URL"])
```

```python good app.py
from flask import Flask
from flask_limiter import Limiter

app = Flask(__name__)
app.config["RATELIMIT_STORAGE_URI"] = "redis://cache"
limiter = Limiter(app=app)
```
"""

from flask_preflight.artifacts.application import Application
from flask_preflight.facts import lower
from flask_preflight.rule import Message, Result, Results, rule

EACH = Message("each process of {0} counts for itself, so limits are multiplied by their number")


@rule("FLK502", "in-memory-rate-limit", "warning", "scaling")
def check(application: Application) -> Results:
    keys = ("RATELIMIT_STORAGE_URI", "RATELIMIT_STORAGE_URL")
    stores = [one for key in keys for one in application.production(key)]
    off = any(one.value.literal is False for one in application.production("RATELIMIT_ENABLED"))
    if off or any(not one.value.text.startswith("memory://") for one in stores):
        return
    if not application.closed and not stores and application.multi is not True:
        return
    for call in application.extensions("Limiter"):
        if not call.name.startswith("flask_limiter"):
            continue
        store = call.argument("storage_uri", "**")
        if store is None or store.text.startswith("memory://"):
            level = application.scaled("warning")
            where = call.location if store is None else store.location
            milder = store is not None and store.kind == "env"
            said = EACH(application.title)
            yield Result(where, said, level=lower(level) if milder else level)
