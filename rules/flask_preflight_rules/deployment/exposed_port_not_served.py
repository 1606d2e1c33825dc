"""EXPOSE names a port that nothing in the image listens on.

Platforms, Traefik and `docker run -P` read it and send requests there: every connection is refused.

Fix: name the port that the server listens on.

Sources: Docker, "Dockerfile reference: EXPOSE".

```dockerfile bad Dockerfile {4}
FROM python:3.13-slim
WORKDIR /srv
COPY . .
EXPOSE 5000
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
```

```dockerfile good Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
EXPOSE 5000 8000
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
```

```dockerfile good Dockerfile
FROM python:3.13-slim
WORKDIR /srv
COPY . .
EXPOSE 5000
CMD gunicorn --bind 0.0.0.0:$PORT app:app
```
"""

from flask_preflight.artifacts.image import Image
from flask_preflight.rule import Message, Result, Results, rule

DEAD = Message("{0} exposes {1}, but its server listens on {2}")


@rule("DEP023", "exposed-port-not-served", "warning", "container", sees="relation")
def check(image: Image) -> Results:
    runs = [run for run in image.runs if run.server is not None]
    if not image.ports or not runs or not all(run.ports_known for run in runs):
        return
    exposed = {port.number for port in image.ports}
    served = {listen.port for run in runs for listen in run.listens}
    if served and not exposed & served:
        said = ", ".join(map(str, sorted(exposed))), ", ".join(map(str, sorted(served)))
        yield Result(image.ports[0].location, DEAD(image.title, *said))
