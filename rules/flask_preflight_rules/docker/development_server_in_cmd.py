"""The image starts Flask's development server.

It was made for one programmer: no worker processes, no limit on the time of a request, no graceful
stop, no review for security. With its debugger on, every error shows source and variables, and
whoever gets past the debugger's PIN runs code in the container.

Fix: start a WSGI server, `CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]`, and give the command
for development in the Compose file for development.

Intended: where Compose or Kubernetes start something else from the same image, nothing is said.

Sources: Flask, "Deploying to Production" and "Development Server"; CWE-489.

```dockerfile bad {2}
FROM python:3.13-slim
CMD ["flask", "run", "--host=0.0.0.0"]
```

```dockerfile bad {3}
FROM python:3.13-slim
ENV FLASK_DEBUG=1
CMD flask run --host 0.0.0.0
```

```dockerfile bad {2}
FROM python:3.13-slim
CMD ["sh", "-c", "flask db upgrade && flask run"]
```

```dockerfile bad {3}
FROM python:3.13-slim
ENTRYPOINT ["python", "-m"]
CMD ["flask", "--app", "shop", "run", "-h", "0.0.0.0"]
```

```dockerfile good
FROM python:3.13-slim
# CMD ["flask", "run"]
CMD ["sh", "-c", "flask db upgrade && exec gunicorn -b 0.0.0.0:8000 app:app"]
```

```dockerfile good
FROM python:3.13-slim
CMD ["make", "run"]
```

```dockerfile good
FROM python:3.13-slim AS base
FROM base AS dev
CMD ["flask", "run", "--debug"]
FROM base AS final
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```dockerfile good Dockerfile
FROM python:3.13-slim
CMD ["flask", "run"]
```

```yaml good compose.yaml
services:
  web:
    build: .
    command: gunicorn -b 0.0.0.0:8000 app:app
```

```dockerfile good Dockerfile.dev
FROM python:3.13-slim
CMD ["flask", "run"]
```

```dockerfile bad Dockerfile {2}
FROM python:3.13-slim
CMD ["python", "manage.py", "run", "-h", "0.0.0.0"]
```

```python bad manage.py
from flask.cli import FlaskGroup

from shop import create_app

cli = FlaskGroup(create_app=create_app)

if __name__ == "__main__":
    cli()
```

```dockerfile good admin/Dockerfile
FROM python:3.13-slim
COPY . .
CMD ["python", "manage.py", "runserver", "0.0.0.0:8000"]
```

```text good admin/requirements.txt
Django==5.2
```
"""

from flask_preflight.artifacts.image import Image
from flask_preflight.artifacts.requirements import resolved
from flask_preflight.artifacts.wsgi import Server
from flask_preflight.rule import Message, Result, Results, rule

SERVES = Message("{0} is Flask's development server, which production load and attacks break")
DEBUGS = Message(
    "{0} is Flask's development server with its debugger, which may run code for visitors",
    "debugger",
)


@rule("DKR401", "development-server-in-cmd", "error", "wsgi", "CWE-489")
def check(server: Server) -> Results:
    entry = server.entry
    if entry is None or entry.image is None or entry.image.role != "production":
        return
    if server.in_dockerfile and server.kind == "flask-run" and _is_flask(server, entry.image):
        said = DEBUGS if server.debugger else SERVES
        yield Result(server.at(), said(server.title))


def _is_flask(server: Server, image: Image) -> bool:
    """Whether `manage.py runserver` cannot be another framework's."""
    return server.program == "flask" or resolved(image.requirements, "flask") is not None
