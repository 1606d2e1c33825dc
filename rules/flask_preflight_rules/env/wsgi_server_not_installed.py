"""The server that the deployment starts is not installed.

The container or the dyno ends at once: "command not found".

Fix: add the server to the dependencies of production.

Sources: Flask, "Deploying to Production".

```text bad requirements.txt
flask==3.1.3
```

```procfile bad {1}
web: gunicorn app:app
```

```dockerfile bad Dockerfile {4}
FROM python:3.13-slim
COPY . .
RUN pip install flask==3.1.3
CMD ["waitress-serve", "--listen=*:8000", "app:app"]
```

```text good requirements.txt
flask==3.1.3
gunicorn==23.0.0
```

```procfile good
web: gunicorn app:app
```

```dockerfile good Dockerfile
FROM python:3.13-slim
COPY . .
RUN apt-get update && apt-get install -y uwsgi uwsgi-plugin-python3
RUN pip install flask==3.1.3
CMD ["uwsgi", "--http", ":8000", "-w", "app:app"]
```

```ini good deploy/shop.service
[Service]
ExecStart=/srv/venv/bin/waitress-serve app:app
```
"""

from flask_preflight.artifacts.wsgi import Server
from flask_preflight.rule import Message, Result, Results, rule

MISSING = Message("{0} is not installed, so what starts it ends at once")
PACKAGES = {
    "gunicorn": ("gunicorn",),
    "uwsgi": ("uwsgi", "pyuwsgi", "uwsgi-binary"),
    "waitress-serve": ("waitress",),
    "hypercorn": ("hypercorn",),
    "uvicorn": ("uvicorn",),
    "granian": ("granian",),
}


@rule("ENV203", "wsgi-server-not-installed", "error", "wsgi")
def check(server: Server) -> Results:
    packages, entry = PACKAGES.get(server.program), server.entry
    if packages is None or entry is None or entry.carrier == "host" or server.installed is None:
        return
    if server.installed.isdisjoint(packages) and not _otherwise(server, packages):
        yield Result(server.location, MISSING(server.program))


def _otherwise(server: Server, packages: tuple[str, ...]) -> bool:
    """Whether the system's packages, or a script of the image, may bring it."""
    entry = server.entry
    image = entry.image if entry is not None else None
    if image is None:
        # A platform installs what the dependency files ask for; other images are unknown.
        return entry is None or entry.carrier != "platform"
    words = [word for command in image.commands for word in command.words]
    return any(package in word for word in words for package in packages)
