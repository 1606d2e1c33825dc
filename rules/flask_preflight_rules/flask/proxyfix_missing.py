"""The application believes the proxy to be the client.

Behind a proxy, `request.remote_addr` is the proxy's address and `request.scheme` is `http`: limits
by address hold for all users together, logs name the proxy, and links in mails begin with `http`.
(`request.access_route` reads what the proxy forwards by itself.)

Fix: wrap the application with as many proxies as stand before it,
`app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)`.

Intended: when something else already restores the client's address; say so where you ignore it.

Sources: Flask, "Tell Flask it is Behind a Proxy"; CWE-348.

```python bad app.py {3}
from flask import Flask, request, url_for

app = Flask(__name__)


@app.get("/")
def home():
    return url_for("home", _external=True)
```

```nginx bad deploy/nginx.conf
server {
    listen 80;
    location / { proxy_pass http://127.0.0.1:8000; }
}
```

```ini bad deploy/shop.service
[Service]
WorkingDirectory=/srv/shop
ExecStart=/srv/venv/bin/gunicorn -b 127.0.0.1:8000 app:app
```

```python bad app.py {5}
from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

app = Flask(__name__)
limiter = Limiter(get_remote_address, app=app, storage_uri="redis://cache")
```

```nginx bad deploy/nginx.conf
server {
    listen 80;
    location / { proxy_pass http://127.0.0.1:8000; }
}
```

```ini bad deploy/shop.service
[Service]
WorkingDirectory=/srv/shop
ExecStart=/srv/venv/bin/gunicorn -b 127.0.0.1:8000 app:app
```

```python good app.py
from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

app = Flask(__name__)
app.wsgi_app = ProxyFix(app.wsgi_app)


@app.get("/")
def home():
    return request.remote_addr
```

```nginx good deploy/nginx.conf
server {
    listen 80;
    location / { proxy_pass http://127.0.0.1:8000; }
}
```

```ini good deploy/shop.service
[Service]
ExecStart=/srv/venv/bin/gunicorn -b 127.0.0.1:8000 app:app
```

```python good app.py
from flask import Flask, request

app = Flask(__name__)


@app.get("/")
def home():
    return request.remote_addr
```

```python good app.py
import logging

from flask import Flask, request

log = logging.getLogger(__name__)
app = Flask(__name__)


@app.before_request
def record():
    log.debug(f"{request.method!s} {request.base_url!s} begins")
```

```nginx good deploy/nginx.conf
server {
    listen 80;
    location / { proxy_pass http://127.0.0.1:8000; }
}
```

```ini good deploy/shop.service
[Service]
WorkingDirectory=/srv/shop
ExecStart=/srv/venv/bin/gunicorn -b 127.0.0.1:8000 app:app
```

```python good app.py
from flask import Flask, request

app = Flask(__name__)


@app.get("/")
def home():
    return request.access_route[0]
```

```nginx good deploy/nginx.conf
server {
    listen 80;
    location / { proxy_pass http://127.0.0.1:8000; }
}
```

```ini good deploy/shop.service
[Service]
WorkingDirectory=/srv/shop
ExecStart=/srv/venv/bin/gunicorn -b 127.0.0.1:8000 app:app
```
"""

from flask_preflight.artifacts.application import Application
from flask_preflight.facts import Hop
from flask_preflight.rule import Message, Result, Results, rule

PROXY = Message("behind {0}, {1} is about the proxy and not about the client", "fact")
LIMIT = Message(
    "behind {0}, all clients together share one limit: {1} is that of the proxy", "limit"
)


@rule("FLK401", "proxyfix-missing", "warning", "security", "CWE-348", sees="absent")
def check(application: Application) -> Results:
    proxy = _proxy(application)
    if proxy is None or _restores(application):
        return
    before = proxy.location.saying("the proxy")
    for call in application.extensions("Limiter"):
        key = call.argument("key_func", "0")
        if key is not None and key.reference.endswith("get_remote_address"):
            said = LIMIT(proxy.name, "the address")
            yield Result(application.location, said, (before, call.location), level="error")
            return
    for fact in application.client_facts[:1]:
        yield Result(application.location, PROXY(proxy.name, fact.what), (before, fact.location))


def _proxy(application: Application) -> Hop | None:
    """A proxy or Ingress that certainly stands before the application in production."""
    for entry in application.entries:
        for hop in entry.fronts if entry.role == "production" else ():
            if hop.kind in ("proxy", "ingress"):
                return hop
    return None


def _restores(application: Application) -> bool:
    if any(application.extensions("ProxyFix", "ReverseProxied", "XForwardedMiddleware")):
        return True
    return application.handles_proxies
