"""The image runs a Python file that starts Flask's development server.

`app.run()` serves with the same server as `flask run`: no worker processes, no limit on the time of
a request, no graceful stop, and with `debug=True` a console for visitors.

Fix: start a WSGI server instead of the file, `CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]`;
`app.run()` may stay for the desk.

Intended: where Compose or Kubernetes start something else from the same image, nothing is said.

Sources: Flask, "Deploying to Production"; CWE-489.

```dockerfile bad Dockerfile {4}
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["python", "-u", "app.py"]
```

```python bad app.py
from flask import Flask

app = Flask(__name__)

if __name__ == "__main__":
    app.run(host="0.0.0.0")
```

```dockerfile bad Dockerfile {4}
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["python", "app.py"]
```

```python bad app.py
from wsgiref.simple_server import make_server

from flask import Flask

app = Flask(__name__)
if __name__ == "__main__":
    make_server("0.0.0.0", 8000, app).serve_forever()
```

```dockerfile good Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["python", "serve.py"]
```

```python good serve.py
from waitress import serve

from app import app

serve(app, listen="*:8000")
```

```python good app.py
from flask import Flask

app = Flask(__name__)

if __name__ == "__main__":
    app.run()
```

```dockerfile good Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["python", "app.py"]
```

```python good app.py
from flask import Flask

app = Flask(__name__)

if __name__ == "__main__":
    app.run()
```

```yaml good compose.yaml
services:
  web:
    build: .
    command: gunicorn -b 0.0.0.0:8000 app:app
```
"""

from flask_preflight.artifacts.wsgi import Server
from flask_preflight.rule import Message, Result, Results, rule

SERVES = Message("{0} starts a server for development, which production load and attacks break")


@rule("DKR402", "script-starts-dev-server", "error", "wsgi", "CWE-489")
def check(server: Server) -> Results:
    entry = server.entry
    if entry is None or entry.image is None or entry.image.role != "production":
        return
    if server.in_dockerfile and server.kind == "script" and server.run_calls:
        calls = tuple(where.saying("starts it") for where in server.run_calls[:3])
        yield Result(server.at(), SERVES(server.title), calls)
