"""Uploads may be of any size.

One client that sends without end fills the disk or the memory of the server.

Fix: `MAX_CONTENT_LENGTH = 16 * 1024 * 1024`, and a limit in the proxy.

Sources: Flask, "Security Considerations: Resource Use"; CWE-770; CWE-400.

```python bad app.py {3}
from flask import Flask, request

app = Flask(__name__)


@app.post("/photos")
def photos():
    request.files["photo"].save("photo")
    return ""
```

```python bad app.py {4}
from flask import Flask, request

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = None


@app.post("/photos")
def photos():
    return request.stream.read()
```

```python good app.py
from flask import Flask, request

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 16 * 1024 * 1024


@app.post("/photos")
def photos():
    request.files["photo"].save("photo")
    return ""
```

```python good app.py
from flask import Flask, request

app = Flask(__name__)


@app.post("/photos")
def photos():
    return request.form["name"]
```

```python good app.py
from flask import Flask, request

app = Flask(__name__)


@app.post("/photos")
def photos():
    request.files["photo"].save("photo")
    return ""
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

```dockerfile good Dockerfile
FROM python:3.13-slim
COPY . .
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```nginx good nginx.conf
server {
  listen 80;
  location / {
    proxy_pass http://web:8000;
  }
}
```
"""

from flask_preflight.artifacts.application import Application
from flask_preflight.rule import Message, Result, Results, rule

ANY = Message("{0} reads uploads of any size, which fill its disk or memory", "any")
OFF = Message("MAX_CONTENT_LENGTH is None, so an upload may fill the disk or the memory", "off")


@rule("FLK602", "upload-size-unlimited", "warning", "security", "CWE-770", "CWE-400", sees="absent")
def check(application: Application) -> Results:
    fields = application.extensions("FileField", "MultipleFileField")
    uses = [one.location for one in application.uploads] + [one.location for one in fields]
    places = [one for one in uses if one.path in application.modules]
    if not places or _limited(application):
        return
    values = application.production("MAX_CONTENT_LENGTH")
    for found in values:
        if found.value.kind == "literal" and found.value.literal is None:
            yield Result(found.location, OFF())
    level = application.absent("warning")
    if not values and level is not None:
        yield Result(application.location, ANY(application.title), tuple(places[:1]), level=level)


def _limited(application: Application) -> bool:
    """Whether a proxy, which has a limit unless told otherwise, or the server refuses more."""
    serving = application.serving
    fronted = any(hop.kind in ("proxy", "ingress") for one in serving for hop in one.fronts)
    refused = any(one.server and "limit-post" in one.server.settings for one in serving)
    return fronted or refused or any(application.extensions("patch_request_class"))
