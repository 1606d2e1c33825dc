"""The service runs whatever its registry serves on that day.

The next start may get another version than the last, and nobody can go back to the one that worked.

Fix: name a version, `image: postgres:17.5`, or a digest.

Sources: Docker, "Compose file reference: image"; CWE-1357.

```yaml bad compose.yaml {3,5}
services:
  web:
    image: example/web
  db:
    image: postgres:latest
```

```yaml good compose.yaml
services:
  web:
    image: example/web
    build: .
  db:
    image: postgres:17
  cache:
    image: redis@sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d
  given:
    image: example/other:${TAG}
  set:
    image: ${IMAGE}
```

```yaml good compose.dev.yaml
services:
  db:
    image: postgres:latest
```

```yaml good compose.yaml
services:
  registry:
    image: registry.example.org:5000/shop:1.4
  mails:
    image: axllent/mailpit
    profiles: [dev]
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.artifacts.dockerfile_base import reference
from flask_preflight.rule import Message, Result, Results, rule

FLOATS = Message("{0} runs whatever the registry serves as {1} on that day")


@rule("CMP015", "service-image-latest", "warning", "container", "CWE-1357")
def check(service: Service) -> Results:
    image = service.image
    if not image or "$" in image or service.spec.dig("build") is not None:
        return
    found = reference(image)
    if not found.digest and found.tag in ("", "latest"):
        yield Result(service.at("image"), FLOATS(service.name, image))
