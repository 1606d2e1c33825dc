"""The proxy refuses uploads that the application allows.

Whoever sends such a file gets 413 from the proxy, a page that the application never sees: no
message of its own, no entry in its log.

Fix: give both the same limit, `client_max_body_size` as much as `MAX_CONTENT_LENGTH`.

Sources: nginx, "client_max_body_size"; Flask, "Configuration Handling: MAX_CONTENT_LENGTH".

```python bad app.py
from flask import Flask, request

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 16 * 1024 * 1024

@app.post("/files")
def store():
    request.files["file"].save("/data/file")
    return ""
```

```dockerfile bad Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
```

```yaml bad compose.yaml
services:
  web:
    build: .
  proxy:
    image: nginx:1.29
    ports: ["80:80"]
    volumes: ["./nginx.conf:/etc/nginx/conf.d/default.conf:ro"]
```

```nginx bad nginx.conf {4}
server {
  listen 80;
  location / {
    proxy_pass http://web:8000;
  }
}
```

```python good app.py
from flask import Flask, request

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 16 * 1024 * 1024

@app.post("/files")
def store():
    request.files["file"].save("/data/file")
    return ""
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
  proxy:
    image: nginx:1.29
    ports: ["80:80"]
    volumes: ["./nginx.conf:/etc/nginx/conf.d/default.conf:ro"]
```

```nginx good nginx.conf
server {
  listen 80;
  client_max_body_size 16m;
  location / {
    proxy_pass http://web:8000;
  }
}
```
"""

from flask_preflight.artifacts.application import Application, ProductionValue
from flask_preflight.artifacts.proxy import Proxy, ProxyRoute, size
from flask_preflight.facts import Entry
from flask_preflight.rule import Message, Result, Results, rule

LESS = Message("{0} refuses bodies over {1}; {2} allows {3} MiB")
DEFAULT = "1m"


@rule("DEP113", "body-limits-disagree", "note", "configuration", sees="relation")
def check(proxy: Proxy) -> Results:
    for site in proxy.sites:
        # Larger bodies may have a location of their own: the largest limit is what counts.
        refused = [
            found
            for route in site.routes
            for entry in site.behind.get(route.location, ())[:1]
            for found in _less(proxy, route, entry)
        ]
        if len(refused) == len(site.routes):
            yield from refused[:1]


def _less(proxy: Proxy, route: ProxyRoute, entry: Entry) -> Results:
    application = entry.application
    given = proxy.effective(route, "client_max_body_size")
    if application is None or given is None:
        return
    text = DEFAULT if given == "default" else given.text
    limit, allowed = size(text), _allowed(application)
    if allowed is None or limit is None or not 0 < limit < int(str(allowed.value.literal)):
        return
    where = route.location if given == "default" else given.location
    mebibytes = f"{int(str(allowed.value.literal)) / (1 << 20):g}"
    said = LESS(proxy.product, text, application.title, mebibytes)
    yield Result(where, said, (allowed.location.saying("what the application allows"),))


def _allowed(application: Application) -> ProductionValue | None:
    """The one limit of an application that takes files."""
    values = application.production("MAX_CONTENT_LENGTH")
    if len(values) != 1 or not application.uploads:
        return None
    value = values[0].value
    return values[0] if value.kind == "literal" and type(value.literal) is int else None
