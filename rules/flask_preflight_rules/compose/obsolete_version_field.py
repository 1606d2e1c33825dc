"""The file names a version of its format, which nothing reads any more.

Compose warns about it at every start, and whoever reads it believes that it decides something.

Fix: delete the line.

Sources: Docker, "Compose file reference: Version and name top-level elements".

```yaml bad compose.yaml {1}
version: "3.8"
services:
  web:
    image: example/web:1.0
```

```yaml good compose.yaml
services:
  web:
    image: example/web:1.0
```

```yaml good docker-stack.yml
version: "3.8"
services:
  web:
    image: example/web:1.0
```

```yaml good docker-stack.yml
version: "3.9"
services:
  web:
    image: example/web:1.0
```
"""

from flask_preflight.artifacts.compose import Project
from flask_preflight.rule import Message, Result, Results, rule

IDLE = Message("Compose does not read the version and warns about it at every start")


@rule("CMP001", "obsolete-version-field", "note", "orchestration", development=True)
def check(project: Project) -> Results:
    if project.kind == "compose" and project.spec.dig("version") is not None:
        yield Result(project.at("version"), IDLE())
