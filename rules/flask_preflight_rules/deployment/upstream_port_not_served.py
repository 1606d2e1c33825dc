"""A proxy forwards to a port of the application where its server does not answer in its language.

Every request ends in 502 Bad Gateway.

Fix: write the port on which the server listens, and `uwsgi_pass` for a `socket` of uWSGI.

Sources: nginx, "Module ngx_http_proxy_module"; uWSGI, "Things to know".

```python bad app.py
from flask import Flask

app = Flask(__name__)
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

```nginx bad nginx.conf {4,7}
server {
  listen 80;
  location / {
    proxy_pass http://web:5000;
  }
  location /api {
    uwsgi_pass web:8000;
  }
}
```

```python good app.py
from flask import Flask

app = Flask(__name__)
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
  other:
    image: example/other
  proxy:
    image: nginx:1.29
    ports: ["80:80"]
    volumes: ["./nginx.conf:/etc/nginx/conf.d/default.conf:ro"]
```

```nginx good nginx.conf
server {
  listen 80;
  location / {
    proxy_pass http://web:8000;
  }
  location /other {
    proxy_pass http://other:5000;
  }
}
```
"""

from flask_preflight.facts import Entry
from flask_preflight.rule import Message, Result, Results, rule

NOBODY = Message(
    "{0} forwards to port {1} of {2}, where nothing listens: its server has {3}", "port"
)
FOREIGN = Message("{0} speaks {1} to port {2} of {3}, where its server expects {4}", "protocol")
PROTOCOLS = frozenset(("http", "uwsgi"))


@rule(
    "DEP022",
    "upstream-port-not-served",
    "error",
    "scaling",
    sees="relation",
    development=True,
)
def check(entry: Entry) -> Results:
    if entry.server is None:
        return
    for hop in entry.fronts:
        if hop.kind != "proxy" or hop.port is None:
            continue
        related = tuple(x.location.saying(f"listens on {x.port}") for x in entry.listens)
        if entry.pod_serves(hop.port) is False:
            ports = ", ".join(sorted({str(one.port) for one in entry.listens})) or "no port"
            yield Result(hop.location, NOBODY(hop.name, hop.port, entry.title, ports), related)
        spoken = {one.protocol for one in entry.listens if one.port == hop.port}
        # Gunicorn and uWSGI can both be told to speak the language of the other.
        if "protocol" in entry.server.settings:
            continue
        if len(spoken) == 1 and PROTOCOLS.issuperset((hop.scheme, *spoken)):
            (expected,) = spoken
            if hop.scheme != expected:
                said = FOREIGN(hop.name, hop.scheme, hop.port, entry.title, expected)
                yield Result(hop.location, said, related)
